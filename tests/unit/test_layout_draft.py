"""The draft of a layout for an unknown file: it reads the file as drafted, and names no pupil."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ExportRefused
from pipeline.landing.layouts.draft import NAME, draft_layout
from pipeline.landing.layouts.find import Found, consider, find_layout
from pipeline.landing.layouts.guess import are_headings
from pipeline.landing.layouts.kinds import holds_values, is_second_row, kind_of
from pipeline.landing.layouts.read import read_layouts, shipped_layouts
from tests.unit.layout_headers import FILES, IN_TERM

LAYOUTS = shipped_layouts()
# Cells of data that must not be seen; all begin alike.
CANARY = "Canary"
UNKNOWN = [
    *("Pupil's UPN no", "Adm Nr", "Family surname", "Given forename", "Birth dte", "Pup Prem"),
    *("Sittings", "Maths - end of Aut", "Reading end of aut", 'Drama "mark" {1}'),
]
ROWS = [
    [
        f"A9990001000{i:02d}", f"00{i}", f"{CANARY}wick{i}", f"{CANARY}ella{i}",
        f"0{i % 9 + 1}/0{i % 9 + 1}/2016", "TF"[i % 2], f"1{i % 9}/11/2025", str(85 + i),
        ["EXS", "WTS", "GDS"][i % 3], str(i),
    ]
    for i in range(20)
]  # fmt: skip


def draft(rows: list[list[str]]) -> str:
    return draft_layout(rows, consider(rows, IN_TERM, LAYOUTS))


def read_with(text: str, rows: list[list[str]], folder: Path) -> Found:
    (folder / f"{NAME}.toml").write_text(text, encoding="utf-8")
    return find_layout(rows, IN_TERM, read_layouts(folder))


def test_a_draft_reads_its_file_as_it_stands(tmp_path: Path) -> None:
    rows = [["Marks of Class 4"], UNKNOWN, *ROWS]
    with pytest.raises(ExportRefused):
        find_layout(rows, IN_TERM, LAYOUTS)
    here = read_with(draft(rows), rows, tmp_path)
    assert here.match.layout.layout == NAME
    assert here.match.columns[:7] == (
        *("upn", "admission_number", "surname", "forename", "date_of_birth", "pupil_premium"),
        "assessment_date",
    )
    assert [(r.place, dict(r.said)) for r in here.match.results] == [
        (7, {"subject": "maths", "term": "autumn", "scale": "standardised"}),
        (8, {"subject": "reading", "term": "autumn", "scale": "ta"}),
    ]


def test_a_draft_of_one_result_a_row_reads_its_file_as_it_stands(tmp_path: Path) -> None:
    rows = [["Identifier UPN", "Surname of pupil", "Curric area", "Level reached", "Sat on"]]
    rows += [[f"A9990001000{i:02d}", f"{CANARY}{i}", ["Maths", "Pri: Reading"][i % 2],
              ["3b", "2a"][i % 2], f"1{i % 9}.11.2014"] for i in range(20)]  # fmt: skip
    here = read_with(draft(rows), rows, tmp_path)
    assert here.match.columns == ("upn", "surname", "subject", "outcome", "assessment_date")
    assert here.match.layout.fixed == {"scale": "nc-level"}
    assert "%d.%m.%Y" in here.match.layout.dates


def test_a_draft_names_the_places_to_check_and_gives_its_reasons() -> None:
    text = draft([UNKNOWN, *ROWS])
    assert "# column 6 'Pup Prem': Y and N, T and F, Yes and No, or 1 and 0" in text
    assert 'surname = ["Family surname"]  # CHECK' in text
    assert "of which subject?" in text


def test_a_draft_never_shows_a_cell_of_a_row_of_data() -> None:
    cells = {cell for row in ROWS for cell in row if len(cell) > 3}
    for rows in ([UNKNOWN, *ROWS], ROWS, [["Marks"], *ROWS], [["a", "b"], *ROWS]):
        text = draft(rows)
        assert not [cell for cell in cells if cell in text]


def test_pupils_in_the_place_of_headings_are_not_shown() -> None:
    pupils = ["Subject", "Summer Canarywick", "Mark Canaryson", "Reg Canaryman", "Ada Canary"]
    for rows in (
        [pupils, ["Maths", "EXS", "WTS", "GDS", "EXS"]],
        [["Canarywick", "Ada", "4B", "EXS"], ["Canaryson", "Ben", "4B", "WTS"]],
    ):
        text = draft(rows)
        assert CANARY not in text
        assert not [line for line in text.splitlines() if not line.startswith("#")]


def test_a_file_without_headings_is_described_by_the_sort_of_its_columns() -> None:
    text = draft(ROWS)
    assert "No line of headings was found" in text
    assert "# column 1: UPNs, 13 characters" in text
    assert "# column 5: dates as 14/03/2017" in text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=6))
def test_whatever_the_headings_are_a_draft_is_a_layout_file(headings: list[str]) -> None:
    rows = [["UPN", "Surname", "Forename", "Maths quiz", *headings]]
    rows += [["A999000100001", "Thistlewick", "Ada", "EXS", *("x" for _ in headings)]]
    if are_headings(rows[0]):
        assert tomllib.loads(draft(rows))["layout"] == NAME
    else:
        assert not tomllib.loads(draft(rows))


@pytest.mark.parametrize(("header"), [header for _, _, header in FILES])
def test_headings_of_known_exports_are_seen_to_be_headings(header: list[str]) -> None:
    assert are_headings(header)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["A999000100001", "a 999 0001 00002"], "upn"),
        (["14/03/2017", "01/12/2016", ""], "date"),
        (["2017-03-14 00:00:00"], "date"),
        (["T", "F", "T"], "flag"),
        (["M", "F"], "sex"),
        (["N", "K", "E", "N"], "sen"),
        (["Year  4", "Y4", "R"], "year_group"),
        (["Y4 in 2024/2025"], "cohort"),
        (["2025/26", "2024-25"], "academic_year"),
        (["Aut", "Spring 2"], "term"),
        (["Pri: Mathematics", "Reading"], "subject"),
        (["EXS ", "wts", "GDS", "PK3"], "scale ta"),
        (["2b", "3a", "4c"], "scale nc-level"),
        (["102*", "95"], "score"),
        (["131", "69"], "scale standardised"),
        (["0", "41", "27"], "number"),
        (["999101", "999101", "999101"], "school"),
        (["004512", "004513", "004514"], "number"),
        (["Thistlewick, Ada", "Bramble, Ben"], "full_name"),
        (["-", "n/a", ""], "blank"),
        (["Oak", "Ash", "Oak", "Oak", "Ash"], "few"),
        (["Oak", "Ash", "Elm", "Fir", "Yew"], "text"),
    ],
)
def test_the_sort_of_a_columns_values_is_told(values: list[str], kind: str) -> None:
    told = kind_of(values)
    assert told.name == kind
    assert not [v for v in values if len(v) > 2 and v in told.told and kind not in ("cohort",)
                and not v.startswith(("14/", "2025/"))]  # fmt: skip


@pytest.mark.parametrize(
    ("upper", "lower", "is_so"),
    [
        (["UPN", "", "Autumn"], ["", "", "Maths"], True),
        (["Pupil", "Class", "Maths"], ["", "", "Autumn"], True),
        (["Pupil", "Pupil", "Maths"], ["Surname", "Forename", "Autumn"], True),
        (["Adno", "Topic", "Mark"], ["001", "Maths", "45"], False),
        (["Pupil", "Topic", "Mark"], ["Ada Thistlewick", "Maths", "EXS"], False),
        (["UPN", "Topic"], ["A999000100001", "Maths"], False),
    ],
)
def test_the_first_pupil_is_not_taken_for_a_second_row_of_headings(
    upper: list[str], lower: list[str], is_so: bool
) -> None:
    assert is_second_row(upper, lower) is is_so


def test_a_title_holds_no_values_and_a_row_of_data_does() -> None:
    assert not holds_values(["Class 4", "Autumn term", "2025-26"])
    assert holds_values(["Thistlewick", "Ada", "4"])
