"""Files in any order: what corrects what, what a partial file fills, and who is left out."""

from typing import Any

import pytest

from tests.stages.landed import OTHER_SCHOOL, SCHOOL, Row, ask, broken, permanent, row, warehouse_of

ADA = {"upn": permanent(1), "admission_number": "1"}
BEN = {"upn": permanent(2), "admission_number": "2", "forename": "Ben"}
CLEO = {"upn": permanent(3), "admission_number": "3", "forename": "Cleo"}
DI = {"upn": permanent(4), "admission_number": "4", "forename": "Di"}
READING = {"subject": "reading"}
CURRENT = "select subject, outcome, file_id, line, item from core.result order by all"
ENROLLED = (
    "select upn, year_group, file_id from core.enrolment join core.pupil using (pupil_id) "
    "order by all"
)


def outcome(text: str | None) -> Row:
    return {"outcome": text, "outcome_as_sent": text}


# --- a row that holds several results


def test_each_result_of_a_wide_row_is_a_result_of_the_one_pupil() -> None:
    with warehouse_of([row("results", READING, {"subject": "writing"}, **ADA)]) as con:
        assert ask(con, CURRENT) == [
            ("maths", "EXS", 1, 2, 1),
            ("reading", "EXS", 1, 2, 2),
            ("writing", "EXS", 1, 2, 3),
        ]
        assert ask(con, "select count(*) from core.enrolment") == [(1,)]
        assert ask(con, "select results_read, results_loaded from landing.export_file") == [(3, 3)]
        for rule in ("temporary_upn", "upn_missing", "date_of_birth_missing", "two_results"):
            assert broken(con, rule) == []


def test_a_correction_of_one_column_replaces_that_column_alone() -> None:
    wide = row("results", READING, **ADA)
    again = row("results", READING | outcome(None), **ADA, **outcome("GDS"))
    with warehouse_of([wide], [again]) as con:
        assert ask(con, CURRENT) == [("maths", "GDS", 2, 2, 1), ("reading", "EXS", 1, 2, 2)]
        history = (
            "select subject, outcome, file_id, item, replaced_by_file_id from core.result_history"
        )
        assert ask(con, history + " order by all") == [
            ("maths", "EXS", 1, 1, 2),
            ("reading", None, 2, 2, 1),
        ]
        counts = (
            "select results_loaded, results_superseded from landing.export_file order by file_id"
        )
        assert ask(con, counts) == [(1, 1), (1, 1)]


def test_two_columns_of_one_subject_are_two_attempts_and_told_where_they_differ() -> None:
    with warehouse_of([row("results", outcome("GDS"), **ADA)]) as con:
        assert ask(con, "select attempt, item from core.result order by 1") == [(1, 1), (2, 2)]
        assert broken(con, "two_results") == [(1, 2)]


def test_a_wide_row_without_a_upn_lacks_it_once() -> None:
    alone = {"admission_number": "1", "date_of_birth": None}
    with warehouse_of([row("results", READING, **alone), row(**BEN)]) as con:
        assert broken(con, "upn_missing") == [(1, 2)]
        assert broken(con, "date_of_birth_missing") == [(1, 2)]


# --- partial files


def test_a_file_without_year_groups_fills_and_never_blanks() -> None:
    results = row(**ADA, year_group=None, class_name="Oak", term="spring")
    with warehouse_of(
        [row("roll", **ADA, year_group="4", term="spring", sex="F")], [results]
    ) as con:
        assert ask(con, "select year_group, class_name, sex from core.enrolment") == [
            ("4", "Oak", "F")
        ]


@pytest.mark.parametrize("first", [True, False])
def test_a_year_group_is_that_of_another_term_of_the_academic_year(first: bool) -> None:
    partial, autumn = row(**ADA, year_group=None, term="spring"), row("roll", **ADA, year_group="4")
    files = [[partial], [autumn]] if first else [[autumn], [partial]]
    with warehouse_of(*files) as con:
        assert ask(con, "select term, year_group from core.enrolment order by term_no") == [
            ("autumn", "4"),
            ("spring", "4"),
        ]
        assert broken(con, "year_group_unknown") == []


@pytest.mark.parametrize(
    "other", [{"academic_year": "2024-25"}, {"school_id": OTHER_SCHOOL}], ids=str
)
def test_a_pupil_of_whom_no_file_of_the_year_gives_a_year_group_is_listed(
    other: dict[str, Any],
) -> None:
    partial = row(**ADA, year_group=None)
    with warehouse_of([partial], [row("roll", **ADA | other)]) as con:
        where = f"where school_id = {SCHOOL} and academic_year = '2025-26'"
        assert ask(con, f"select * from core.enrolment {where}") == []
        assert ask(con, f"select outcome from core.result {where}") == [("EXS",)]
        assert broken(con, "year_group_unknown") == [(1, 2)]


def test_a_list_of_pupils_enrols_where_there_is_no_roll_and_fills_where_there_is() -> None:
    pupils = [row("pupils", **ADA, class_name="Elm"), row("pupils", **BEN)]
    with warehouse_of(pupils) as con:
        assert len(ask(con, ENROLLED)) == 2
    with warehouse_of(pupils, [row("roll", **ADA)]) as con:
        assert ask(con, ENROLLED) == [(ADA["upn"], "3", 2)]
        assert ask(con, "select class_name from core.enrolment") == [("Elm",)]


def test_facts_fill_what_is_known_of_pupils_and_enrol_nobody() -> None:
    facts = [
        row("facts", **ADA, pupil_premium=True, year_group="9", class_name=None),
        row("facts", **BEN, pupil_premium=True),
    ]
    with warehouse_of(facts, [row(**ADA)]) as con:
        assert ask(con, ENROLLED) == [(ADA["upn"], "3", 2)]
        assert ask(con, "select pupil_premium from core.enrolment") == [(True,)]
        assert broken(con, "fact_without_pupil") == [(1, 3)]


def test_what_the_school_itself_says_goes_before_a_list_of_facts() -> None:
    roll = row("roll", **ADA, pupil_premium=False)
    with warehouse_of([roll], [row("facts", **ADA, pupil_premium=True)]) as con:
        assert ask(con, "select pupil_premium from core.enrolment") == [(False,)]


# --- left out of a correction


def test_who_is_left_out_of_a_corrected_roll_stays_and_is_listed() -> None:
    first, second = (
        [row("roll", **p) for p in (ADA, BEN, CLEO)],
        [row("roll", **p) for p in (ADA, CLEO)],
    )
    with warehouse_of(first, second) as con:
        assert len(ask(con, ENROLLED)) == 3
        assert broken(con, "roll_left_out") == [(1, 3)]
    with warehouse_of(first, second, first) as con:
        assert broken(con, "roll_left_out") == []
    with warehouse_of(second, first) as con:
        assert broken(con, "roll_left_out") == []


def test_a_pupil_who_has_left_may_be_missing_from_the_corrected_roll() -> None:
    first = [row("roll", **ADA), row("roll", **BEN, leaving_date="2025-10-10")]
    with warehouse_of(first, [row("roll", **ADA)]) as con:
        assert broken(con, "roll_left_out") == []


@pytest.mark.parametrize(
    "second",
    [
        [row("roll", **CLEO), row("roll", **DI)],
        [row("roll", **ADA, term="spring")],
        [row("roll", **ADA, school_id=OTHER_SCHOOL)],
        [row("pupils", **ADA)],
        [row("roll", **p) for p in (BEN, CLEO, DI)],
    ],
    ids=["another class", "another term", "another school", "another sort", "one pupil in three"],
)
def test_a_roll_of_others_corrects_nothing(second: list[Row]) -> None:
    first = [row("roll", **ADA), row("roll", **BEN)]
    if len(second) == 3:
        first.append(row("roll", upn=permanent(5), admission_number="5", forename="Eve"))
    with warehouse_of(first, second) as con:
        assert broken(con, "roll_left_out") == []


def test_a_result_left_out_of_corrected_results_stays_and_is_listed() -> None:
    first = [row("results", READING, **p) for p in (ADA, BEN, CLEO)]
    second = [row(**ADA, **outcome("GDS")), row(**CLEO)]
    with warehouse_of(first, second) as con:
        assert ask(con, "select count(*) from core.result") == [(6,)]
        assert broken(con, "result_left_out") == [(1, 3)]
    with warehouse_of(first, [*second, row(**BEN, **outcome(None))]) as con:
        assert broken(con, "result_left_out") == []


@pytest.mark.parametrize(
    "other",
    [
        {"assessment": "Mock"},
        {"assessment_kind": "test"},
        {"scale": "nc-level"},
        READING,
        {"term": "spring"},
        {"school_id": OTHER_SCHOOL},
    ],
    ids=str,
)
def test_results_of_another_sort_correct_nothing(other: dict[str, Any]) -> None:
    first = [row(**ADA), row(**BEN)]
    with warehouse_of(first, [row(**ADA | other)]) as con:
        assert broken(con, "result_left_out") == []
        assert ask(con, "select count(*) from core.result_history") == [(0,)]


def test_results_of_another_class_correct_nothing() -> None:
    with warehouse_of([row(**ADA), row(**BEN)], [row(**CLEO), row(**DI)]) as con:
        assert broken(con, "result_left_out") == []


def test_a_blank_that_is_left_out_is_not_missed() -> None:
    first = [row(**ADA), row(**BEN, **outcome(None))]
    with warehouse_of(first, [row(**ADA)]) as con:
        assert broken(con, "result_left_out") == []
