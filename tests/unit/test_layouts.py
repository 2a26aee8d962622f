"""How headings, paths and layout files are read, and what a message may say of them."""

from pathlib import Path

import pytest

from pipeline.errors import ExportRefused, SettingsWrong
from pipeline.landing.layouts.columns import header_key, standard_columns
from pipeline.landing.layouts.find import Found, find_layout
from pipeline.landing.layouts.model import LayoutFile
from pipeline.landing.layouts.path import KnownSchool, contradiction, known_school, said_by_path
from pipeline.landing.layouts.read import read_layout, read_layouts, shipped_layouts
from pipeline.landing.layouts.words import looks_like_result, said_in, starting_year
from tests.unit.layout_headers import IN_TERM, RESULTS, ROLL, SIMS_LIKE

LAYOUTS = shipped_layouts()
PUPIL = ["2025-26", "autumn", "990001", "A999000100001", "Canarywick", "Ada", "2017-04-03", "3"]


def found(header: list[str], path: str = IN_TERM) -> Found:
    return find_layout([header], path, LAYOUTS)


def name_of(header: list[str]) -> str:
    return found(header).match.layout.name


# Standard headings.


def test_a_header_with_outcomes_is_of_results_and_one_without_of_a_roll() -> None:
    assert name_of(RESULTS) == "standard-results/1"
    assert name_of(ROLL) == "standard-roll/1"


def test_headings_are_matched_without_case_spaces_and_underscores() -> None:
    written = ["Academic Year", "TERM", " school ", "U P N", "Sur_Name", "foreName",
               "Date\u00a0of Birth", "YearGroup"]  # fmt: skip
    here = found(written).match
    assert (here.layout.layout, here.columns) == ("standard-roll", tuple(ROLL))
    assert header_key("Date\tof_BIRTH") == "dateofbirth"


def test_order_is_free_and_other_columns_are_counted_and_left_aside() -> None:
    here = found(["", *reversed(RESULTS), "house points", ""]).match
    assert here.columns == (None, *reversed(RESULTS), None, None)
    assert here.unused == 3


def test_an_admission_number_serves_for_a_upn() -> None:
    assert name_of(["admission_number" if c == "upn" else c for c in ROLL]) == "standard-roll/1"


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ExportRefused, match="'outcome'"):
        found([c for c in RESULTS if c != "outcome"])


def test_the_same_heading_twice_is_refused_with_both_places() -> None:
    with pytest.raises(ExportRefused, match="columns 3 and 12 are both headed 'school'"):
        found([*RESULTS, "School "])


def test_of_two_headings_for_one_thing_the_more_usual_is_read_and_the_other_left() -> None:
    here = found([*SIMS_LIKE, "Surname", "Maths"]).match
    assert here.columns[7] == "surname"
    assert here.columns[2] is None


@pytest.mark.parametrize("beneath", [[], [PUPIL], [PUPIL, PUPIL]])
def test_a_pupil_in_the_place_of_the_headings_is_not_quoted(beneath: list[list[str]]) -> None:
    with pytest.raises(ExportRefused) as told:
        find_layout([PUPIL, *beneath], "export.csv", LAYOUTS)
    assert not [value for value in PUPIL if value in str(told.value) and len(value) > 1]


def test_every_standard_column_has_a_key_of_its_own() -> None:
    keys = [header_key(c) for c in standard_columns()]
    assert len(set(keys)) == len(keys)


# Headings as schools' systems write them.


def test_headings_of_a_management_system_are_known() -> None:
    here = found([*SIMS_LIKE, "Maths"]).match
    assert here.columns == (
        *("admission_number", "upn", "surname", "forename", "date_of_birth", "class_name"),
        *("year_group", None),
    )


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Maths", {"subject": "maths"}),
        ("MATHEMATICS ", {"subject": "maths"}),
        ("Maths Autumn", {"subject": "maths", "term": "autumn"}),
        ("Autumn Maths", {"subject": "maths", "term": "autumn"}),
        ("Wri_Sum2", {"subject": "writing", "term": "summer"}),
        ("Rea Spr SS", {"subject": "reading", "term": "spring", "scale": "standardised"}),
        ("Writing - Teacher Assessment", {"subject": "writing", "scale": "ta"}),
        (
            "2025-26 Autumn Maths",
            {"academic_year": "2025-26", "term": "autumn", "subject": "maths"},
        ),
        (
            "Maths Aut 25/26",
            {"academic_year": "2025-26", "term": "autumn", "subject": "maths"},
        ),
        (
            "Reading Summer 2 2024/2025",
            {"academic_year": "2024-25", "term": "summer", "subject": "reading"},
        ),
    ],
)
def test_what_the_heading_of_a_column_of_results_says(heading: str, said: dict[str, str]) -> None:
    here = found(["UPN", "Surname", "Year  Group", heading], "990001/2025-26-autumn.csv").match
    assert here.layout.layout == "marksheet"
    assert dict(here.results[0].said) == said


@pytest.mark.parametrize("heading", ["Maths 2024-26 Autumn", "Maths teacher", "Age", "Mathew"])
def test_a_heading_that_says_no_result_is_taken_for_none(heading: str) -> None:
    marksheet = next(x for x in LAYOUTS if x.layout == "marksheet")
    assert all(said_in(r.headings, heading) is None for r in marksheet.results)


def test_a_numbered_term_is_not_guessed() -> None:
    with pytest.raises(ExportRefused):
        found(["UPN", "Surname", "Maths Term 2"])


def test_two_rows_of_headings_with_merged_cells_are_read_together() -> None:
    upper = ["", "", "", "Autumn", "", "Spring", ""]
    lower = ["UPN", "Surname", "Class", "Maths", "Reading", "Maths", "Reading"]
    here = find_layout([["Class 4"], upper, lower], "990001/2025-26/marks.csv", LAYOUTS)
    assert (here.header_at, here.header_rows) == (1, 2)
    said = [(r.place, dict(r.said)) for r in here.match.results]
    assert said == [
        (3, {"subject": "maths", "term": "autumn"}),
        (4, {"subject": "reading", "term": "autumn"}),
        (5, {"subject": "maths", "term": "spring"}),
        (6, {"subject": "reading", "term": "spring"}),
    ]


def test_scales_under_merged_subjects_are_a_marksheet_and_no_test_of_one_subject() -> None:
    upper = ["", "", "Maths", "", "Reading"]
    lower = ["UPN", "Surname", "TA", "SS", "SS"]
    here = find_layout([upper, lower], IN_TERM, LAYOUTS)
    assert [tuple(dict(r.said).values()) for r in here.match.results] == [
        ("maths", "ta"),
        ("maths", "standardised"),
        ("reading", "standardised"),
    ]


def test_titles_above_the_headings_are_passed_over() -> None:
    rows = [["Marrowby Primary"], [], ["Printed", "14/11/2025"], [*SIMS_LIKE, "Maths"]]
    here = find_layout([*rows, ["0041"]], IN_TERM, LAYOUTS)
    assert here.header_at + here.header_rows == 4


def test_two_columns_of_one_subject_are_refused_with_their_places() -> None:
    with pytest.raises(ExportRefused, match="columns 2 and 3 are both headed 'maths'"):
        found(["UPN", "Maths", "Mathematics"])


@pytest.mark.parametrize(
    ("heading", "is_so"),
    [("Maths quiz", True), ("Unit 3 score", True), ("Maths Set", False), ("House", False),
     ("Reading Age", False), ("Test Date", False), ("Year Group", False)],
)  # fmt: skip
def test_a_heading_that_looks_like_a_result_is_told_from_others(heading: str, is_so: bool) -> None:
    assert looks_like_result(heading) is is_so


@pytest.mark.parametrize(
    ("digits", "year"),
    [("202526", "2025-26"), ("20252026", "2025-26"), ("2526", "2025-26"), ("9900", "2099-00"),
     ("202527", None), ("202625", None), ("25", None), ("20252", None)],
)  # fmt: skip
def test_an_academic_year_is_two_years_that_follow(digits: str, year: str | None) -> None:
    assert starting_year(digits) == year


# Ties.


def own(folder: Path, name: str, text: str) -> tuple[LayoutFile, ...]:
    (folder / f"{name}.toml").write_text(f'layout = "{name}"\n{text}', encoding="utf-8")
    return read_layouts(folder)


TWIN = """
title = "Another class list"
kind = "pupils"
required = ["academic_year", "term", "school"]
one_of = [["upn", "surname"]]
from_path = ["academic_year", "term", "school"]
"""


def test_two_layouts_that_fit_alike_are_refused_with_both_names(tmp_path: Path) -> None:
    layouts = own(tmp_path, "twin", TWIN)
    with pytest.raises(ExportRefused, match=r"(?s)'pupil-list'.*'twin'|'twin'.*'pupil-list'"):
        find_layout([SIMS_LIKE], IN_TERM, layouts)


def test_a_layout_for_files_of_a_name_goes_before_others_for_those_alone(tmp_path: Path) -> None:
    layouts = own(tmp_path, "twin", 'files = ["*/house *.csv"]\n' + TWIN)
    path = "2025-26-autumn/990001/house list.csv"
    assert find_layout([SIMS_LIKE], path, layouts).match.layout.layout == "twin"
    assert find_layout([SIMS_LIKE], IN_TERM, layouts).match.layout.layout == "pupil-list"


def test_a_heading_that_must_be_there_puts_a_layout_ahead(tmp_path: Path) -> None:
    layouts = own(tmp_path, "twin", 'must_have = ["House"]\n' + TWIN)
    header = [*SIMS_LIKE, "House"]
    assert find_layout([header], IN_TERM, layouts).match.layout.layout == "twin"


def test_a_layout_of_the_programme_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    layouts = own(tmp_path, "pupil-list", TWIN)
    assert [x.title for x in layouts if x.layout == "pupil-list"] == ["Another class list"]


# What the path says.

FERNHILL = known_school(999101, ["999101", "9991001", "Fernhill Primary School", "fern"])
DATELIKE = known_school(191225, ["191225", "Pretend Lane"])
READING = known_school(999202, ["999202", "Reading Junior School"])


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "2025-26-autumn/999101/class 4.csv",
            {"academic_year": "2025-26", "term": "autumn", "school": "999101"},
        ),
        (
            "999/1001/2025_2026 Spr/maths.xlsx",
            {"academic_year": "2025-26", "term": "spring", "subject": "maths"},
        ),
        ("999-1001/marks.csv", {"school": "9991001"}),
        ("autumn 2024-25/summer.csv", {"academic_year": "2024-25", "term": "summer"}),
        ("2025-26 autumn to spring/x.csv", {"academic_year": "2025-26"}),
        ("Year 4 PUMA.csv", {"year_group": "4", "assessment": "PUMA"}),
        ("Year 4 and Year 5.csv", {}),
        ("Reception.csv", {"year_group": "R"}),
        ("standardised scores.csv", {"scale": "standardised"}),
        ("Reading Primary School/marks.csv", {}),
        ("Summer Lane Academy/marks.csv", {}),
        ("MAT exports/Mark.csv", {}),
        ("2025-26-winter/x.csv", {"academic_year": "2025-26"}),
        ("2025-27/x.csv", {}),
        ("202526/autumn/x.csv", {"academic_year": "2025-26", "term": "autumn"}),
        ("251219.csv", {}),
        ("191225/x.csv", {}),
        ("191325/x.csv", {"school": "191325"}),
        ("191299/x.csv", {"school": "191299"}),
        ("345678/x.csv", {}),
        ("123456/x.csv", {"school": "123456"}),
        ("999101.zip/results.csv", {"school": "999101"}),
        ("999101.ZIP/results.xlsx/Sheet1", {"school": "999101"}),
        (
            "2025-26-autumn/999101.xlsx/Sheet1",
            {"academic_year": "2025-26", "term": "autumn", "school": "999101"},
        ),
    ],
)
def test_what_folders_and_file_names_say(path: str, said: dict[str, str]) -> None:
    assert said_by_path(path, ()) == said


@pytest.mark.parametrize(
    ("path", "schools", "said"),
    [
        ("Fernhill Primary School/x.csv", (FERNHILL, READING), {"school": "999101"}),
        ("fern-autumn.csv", (FERNHILL, READING), {"school": "999101", "term": "autumn"}),
        ("2025-26/9991001_x.csv", (FERNHILL, READING),
         {"school": "999101", "academic_year": "2025-26"}),
        ("Reading Junior School/maths.csv", (FERNHILL, READING),
         {"school": "999202", "subject": "maths"}),
        ("Reading Junior School/x.csv", (FERNHILL, READING), {"school": "999202"}),
        ("x.csv", (FERNHILL,), {"school": "999101"}),
        ("x.csv", (FERNHILL, READING), {}),
        ("fern and Reading Junior School.csv", (FERNHILL, READING), {}),
        ("191225/x.csv", (DATELIKE, READING), {"school": "191225"}),
    ],
)  # fmt: skip
def test_a_school_of_the_settings_is_known_by_its_names(
    path: str, schools: tuple[KnownSchool, ...], said: dict[str, str]
) -> None:
    assert said_by_path(path, schools) == said


@pytest.mark.parametrize(
    ("path", "differ"),
    [
        ("2025-26-autumn/990001/summer fair.csv", ("term", "summer", "autumn")),
        ("2025-26/autumn/990001/since spring.csv", ("term", "spring", "autumn")),
        ("2025-26-autumn/lists 2024-25.csv", ("academic_year", "2024-25", "2025-26")),
        ("2025-26-autumn/990001/marks.xlsx/Spring quiz", ("term", "spring", "autumn")),
        ("2025-26-summer/990001/marks.xlsx/Spring", None),
        ("2025-26-summer/990001/Spring Term.csv", None),
        ("2025-26-autumn/990001/2024-25 summer.csv", None),
        ("2025-26-autumn/990001/autumn marks.csv", None),
        ("2025-26/2024-25/autumn/marks.csv", None),
        ("2025-26-autumn/Summer Lane Academy/marks.csv", None),
        ("2025-26-autumn/autumn to spring.csv", None),
    ],
)
def test_a_name_that_contradicts_its_folder_is_told(
    path: str, differ: tuple[str, str, str] | None
) -> None:
    assert contradiction(path, ()) == differ


def test_a_file_whose_name_contradicts_its_folder_is_refused_where_nothing_else_tells() -> None:
    wide = [["UPN", "Surname", "Maths Autumn 2025-26 TA"], ["A", "B", "EXS"]]
    bare = [["UPN", "Surname", "Maths TA"], ["A", "B", "EXS"]]
    path = "2025-26-autumn/990001/summer fair.csv"
    assert find_layout(wide, path, LAYOUTS).match.layout.layout == "marksheet"
    with pytest.raises(ExportRefused, match="says term 'summer', and the folder around that says"):
        find_layout(bare, path, LAYOUTS)


def test_a_file_whose_term_nothing_says_is_refused_with_what_is_wanted() -> None:
    with pytest.raises(ExportRefused, match=r"'academic_year', 'term', 'school'.*2025-26-autumn"):
        found(SIMS_LIKE, "class list.csv")


def test_a_refusal_for_want_of_a_school_says_that_a_number_may_be_a_date() -> None:
    with pytest.raises(ExportRefused, match=r"may be a date, such as 191225, .*\[\[school\]\]"):
        found(SIMS_LIKE, "2025-26-autumn/191225/class list.csv")
    with pytest.raises(ExportRefused) as refused:
        found(SIMS_LIKE, "999101/class list.csv")
    assert "may be a date" not in str(refused.value)


def test_the_headings_go_before_the_folder() -> None:
    here = found([*SIMS_LIKE, "Term"], IN_TERM)
    assert dict(here.by_path) == {"academic_year": "2025-26", "school": "990001"}


# Layout files.

GOOD = 'layout = "mine"\ntitle = "Mine"\nkind = "results"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + "colour = 3", "'colour': not a key of a layout"),
        (GOOD + 'required = ["upnn"]', "'required.1': 'upnn' is not a standard column"),
        (GOOD + '[headings]\nsurnam = ["x"]', "surnam"),
        (GOOD + 'from_path = ["upn"]', "'from_path.1': 'upn': expected one of"),
        (GOOD + 'dates = ["DD/MM/YYYY"]', "'dates.1': 'DD/MM/YYYY' is not the form of a date"),
        (GOOD + '[[results]]\nheadings = ["{subjet}"]', "'results.1.headings.1': '{subjet}'"),
        (GOOD + "[[results]]\nheadings = []", "'results.1.headings'"),
        (GOOD + '[[results]]\nheadings = ["x"]\nterm = "winter"', "'results.1.term'"),
        (
            GOOD + '[derived.scale]\nsource = "nothing"\nvalues = {a = "b"}',
            "'derived.scale.source'",
        ),
        (GOOD + '[[leave_aside]]\ncolumn = "subject"\nvalues = []\nreason = "x"', "leave_aside.1"),
        (GOOD + 'fixed = { term = "summer" }\n[headings]\nterm = ["T"]', "'fixed'"),
        (GOOD + "outcome_at_most = 0", "'outcome_at_most'"),
        (GOOD.replace("results", "lists"), "'kind'"),
        (GOOD.replace("results", "roll") + 'scale_from_values = ["ta"]', "kind is 'roll'"),
        ('layout = "mine"\nkind = "roll"', "'title': missing"),
        (GOOD.replace("mine", "other"), "expected 'mine', as the file is named"),
        (GOOD + "required = [", "not TOML"),
    ],
)
def test_a_wrong_key_of_a_layout_is_named(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsWrong) as wrong:
        read_layout(file)
    assert f"{tmp_path.name}/mine.toml: " in str(wrong.value)
    assert told in str(wrong.value)


def test_every_wrong_key_of_every_layout_is_named_together(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('layout = "a"\nkind = "x"\nspeed = 1', encoding="utf-8")
    (tmp_path / "b.toml").write_text("layout = 3", encoding="utf-8")
    with pytest.raises(SettingsWrong) as wrong:
        read_layouts(tmp_path)
    for told in ("a.toml: 'kind'", "a.toml: 'speed'", "a.toml: 'title'", "b.toml: 'layout'"):
        assert told in str(wrong.value)


def test_a_layout_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes('title = "é"'.encode("cp1252"))
    with pytest.raises(SettingsWrong, match="not UTF-8"):
        read_layouts(tmp_path)
