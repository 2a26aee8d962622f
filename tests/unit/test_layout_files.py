"""The layouts shipped: each knows its own files and no other's, and what each makes of them."""

from typing import Any

import pytest

from pipeline.errors import ExportRefused
from pipeline.landing.layouts.columns import heading_key
from pipeline.landing.layouts.find import Found, find_layout
from pipeline.landing.layouts.match import match
from pipeline.landing.layouts.read import shipped_layouts
from pipeline.landing.layouts.words import words
from pipeline.scales import read_scales
from tests.unit.layout_headers import FILES, IN_TERM, KEY_STAGE_2, SIMS_LIKE, TRUST_LONG
from tests.unit.layout_rows import staged_rows

LAYOUTS = shipped_layouts()
UPN = "A999000100001"


def found(path: str, header: list[str]) -> Found:
    return find_layout([header], path, LAYOUTS)


@pytest.mark.parametrize(("layout", "path", "header"), FILES)
def test_each_layout_knows_its_own_files(layout: str, path: str, header: list[str]) -> None:
    assert found(path, header).match.layout.layout == layout


@pytest.mark.parametrize(("layout", "path", "header"), FILES)
def test_the_order_of_columns_and_capitals_decide_nothing(
    layout: str, path: str, header: list[str]
) -> None:
    shuffled = [h.upper() for h in (*header[1::2], *header[::2])]
    assert found(path, shuffled).match.layout.layout == layout


def test_every_shipped_layout_has_a_file_here() -> None:
    assert {layout for layout, _, _ in FILES} == {x.layout for x in LAYOUTS}


def test_each_shipped_layout_alone_reads_nothing_of_a_table_of_other_things() -> None:
    header = (("Invoice",), ("Supplier",), ("Amount",), ("Paid on",))
    assert [x.layout for x in LAYOUTS if match(x, header).fits] == []


def test_scales_and_layouts_that_are_named_are_there() -> None:
    scales, names = set(read_scales()), {x.layout for x in LAYOUTS}
    for layout in LAYOUTS:
        assert set(layout.scale_from_values) <= scales
        assert set(layout.one_scale_of) <= scales
        assert set(layout.goes_before) <= names
        assert {r.scale for r in layout.results} - {None} <= scales
        if "scale" in layout.derived:
            assert set(layout.derived["scale"].values.values()) <= scales
    assert set(words()["scales"]) <= scales


@pytest.mark.parametrize("table", ["headings", "subjects", "terms", "scales", "assessments"])
def test_no_word_stands_for_two_things(table: str) -> None:
    meanings: dict[str, set[str]] = {}
    for meaning, said in words()[table].items():
        for word in said:
            meanings.setdefault(heading_key(word), set()).add(meaning)
    assert {w: m for w, m in meanings.items() if len(m) > 1} == {}


def test_a_class_list_with_results_that_are_not_understood_is_not_taken_for_a_class_list() -> None:
    with pytest.raises(ExportRefused):
        found(IN_TERM, [*SIMS_LIKE, "Maths end of unit quiz"])


def test_columns_that_look_like_results_and_are_not_read_are_known() -> None:
    here = found(IN_TERM, [*SIMS_LIKE, "Maths", "Reading", "Science", "Maths Teacher"])
    assert here.match.unread == (9,)


def test_a_raw_mark_beside_its_standardised_score_is_not_read_again() -> None:
    here = found(IN_TERM, ["UPN", "Maths Raw", "Maths SS", "Reading Raw", "Writing TA"])
    said = [dict(r.said) for r in here.match.results]
    assert [(s["subject"], s["scale"]) for s in said] == [
        ("maths", "standardised"),
        ("reading", "raw"),
        ("writing", "ta"),
    ]
    assert here.match.unread == ()


def test_two_halves_of_a_term_are_two_assessments_and_one_half_alone_is_the_term() -> None:
    both = found("990001/2025-26.csv", ["UPN", "Maths Autumn 1", "Maths Aut 2", "Maths Spring 2"])
    said = [dict(r.said) for r in both.match.results]
    assert [s.get("assessment") for s in said] == ["Autumn 1", "Autumn 2", None]
    assert [s["term"] for s in said] == ["autumn", "autumn", "spring"]


# What comes out of a row.


def staged(path: str, header: list[str], rows: list[list[str]]) -> list[dict[str, Any]]:
    return staged_rows(found(path, header), rows)


def key_stage_2(**said: str) -> dict[tuple[str, str], Any]:
    cells = {"LAESTAB": "9991001", "UPN": UPN, "DOB": "01/02/15", "EALGRP": "2"} | said
    rows = staged("2025-26/key stage 2.csv", KEY_STAGE_2, [[cells.get(c, "") for c in KEY_STAGE_2]])
    return {(r["subject"], r["scale"]): r for r in rows if r["item"]}


def test_key_stage_2_scores_are_scaled_and_teachers_judgements_are_ta() -> None:
    rows = key_stage_2(READSCORE="104", READOUTCOME="AS", MATSCORE="98", MATOUTCOME="NS",
                       WRITTAOUTCOME="EXS")  # fmt: skip
    assert {k: r["outcome"] for k, r in rows.items()} == {
        ("reading", "scaled"): "104",
        ("maths", "scaled"): "98",
        ("writing", "ta"): "EXS",
    }
    one = rows["reading", "scaled"]
    assert (one["term"], one["academic_year"], one["assessment"]) == ("summer", "2025-26", "KS2")
    assert (one["assessment_kind"], one["year_group"], one["eal"]) == ("test", "6", "Y")
    assert (one["school"], one["date_of_birth"]) == ("9991001", "2015-02-01")


@pytest.mark.parametrize("score", ["", "N", "NA"])
def test_a_pupil_absent_from_a_key_stage_2_test_has_the_code_and_no_score(score: str) -> None:
    assert key_stage_2(READSCORE=score, READOUTCOME="A")["reading", "scaled"]["outcome"] == "A"


@pytest.mark.parametrize(
    ("equivalent", "gets"),
    [("0", "N"), ("0.00", "N"), ("0.50", "Y"), ("1", "Y"), ("1.00", "Y"), ("", None)],
)
def test_pupil_premium_follows_the_full_time_equivalent(equivalent: str, gets: str | None) -> None:
    row = staged(IN_TERM, ["UPN", "Surname", "PupilPremiumFTE"], [[UPN, "Thistlewick", equivalent]])
    assert row[0]["pupil_premium"] == gets or (gets is None and not row[0]["pupil_premium"])


def trust(**said: str) -> dict[str, Any]:
    cells = {
        "student_id": "71", "school_id": "990001", "class_id": "4B", "year_group": "Y4",
        "academic_year": "2024/2025", "date": "2024-11-20", "subject": "Pri: Mathematics",
        "assessment_type": "Fernhill Primary - KS1/2 - Attainment", "score": "EXS",
    }  # fmt: skip
    return staged("extract.csv", TRUST_LONG, [[(cells | said).get(c, "") for c in TRUST_LONG]])[0]


def test_a_trusts_attainment_is_read_with_its_subject_and_scale() -> None:
    row = trust()
    assert (row["subject"], row["scale"], row["outcome"]) == ("maths", "ta", "EXS")
    assert (row["admission_number"], row["aside"], row["broken"]) == ("71", None, None)


def test_a_trusts_test_scores_have_the_scale_that_their_type_says() -> None:
    assert trust(assessment_type="NTS SS", score="104")["scale"] == "standardised"
    assert trust(assessment_type="Something else")["scale"] is None


@pytest.mark.parametrize(
    "said",
    [
        {"assessment_type": "Fernhill Primary - KS1/2 - Progress", "score": "EXP+"},
        {"assessment_type": "Forecast Grades"},
        {"assessment_type": "Attendance Half Term Snapshot", "score": "96.5"},
        {"assessment_type": "Teacher comment"},
        {"subject": "Pri: RWM Combined"},
    ],
)
def test_what_is_no_attainment_is_left_aside_with_its_reason(said: dict[str, str]) -> None:
    assert trust(**said)["aside"]


def test_free_text_in_the_score_of_a_trust_is_broken_and_not_a_result() -> None:
    assert trust(score="Needs another go")["broken"] == "row_outcome"


def test_a_cohort_says_year_group_and_academic_year() -> None:
    header = ["student_id", "school_id", "cohort", "date", "assessment_type", "subject", "score"]
    row = ["71", "990001", "Y4 in 2024/2025", "2024-11-20", "X Attainment", "Pri: Reading", "EXS"]
    one = staged("extract.csv", header, [row])[0]
    assert (one["year_group"], one["subject"]) == ("Y4", "reading")


def test_of_a_standardised_test_only_the_standardised_score_is_a_result() -> None:
    header = ["UPN", "Surname", "Test date", "Subject", "Raw mark", "Age", "Standardised score"]
    rows = staged(
        IN_TERM, header, [[UPN, "Thistlewick", "20/11/25", "Reading", "31", "8:04", "97"]]
    )
    assert [(r["outcome"], r["scale"], r["subject"]) for r in rows] == [
        ("97", "standardised", "reading")
    ]
    assert rows[0]["assessment_date"] == "2025-11-20"
    assert rows[0]["assessment_kind"] == "test"
