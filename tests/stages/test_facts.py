"""What rows one after the other say of a pupil is kept once, and is said of each of them."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipeline.landing.reading.runs import Runs
from pipeline.programme import Programme

Make, Send, Ask = Callable[..., Programme], Callable[..., Any], Callable[..., Any]
Export, Upn = Callable[..., str], Callable[[int], str]
SUBJECTS = ("maths", "reading", "writing")
SAID = "select line, surname, class_name, subject from landing.export_row order by line"
ENROLLED = "select admission_number, class_name, line from core.enrolment order by all"

texts = st.sampled_from([None, "", "a", "b"])


@given(
    st.lists(st.tuples(texts, texts), max_size=12),
    st.lists(st.integers(1, 4), min_size=12, max_size=12),
)
def test_a_run_begins_where_a_text_changes(
    rows: list[tuple[str | None, str | None]], sizes: list[int]
) -> None:
    runs, found, line = Runs((0, 1)), [], 2
    for size in sizes:
        part, rows_left = rows[line - 2 : line - 2 + size], len(rows) - (line - 2)
        if rows_left <= 0:
            break
        columns = [pa.array([row[i] for row in part], pa.string()) for i in (0, 1)]
        batch = pa.RecordBatch.from_arrays(columns, names=["c0", "c1"])
        found += runs.began(batch, line).tolist()
        line += len(part)
    began = 0
    for at, row in enumerate(rows):
        began = at if at == 0 or row != rows[at - 1] else began
        assert found[at] == began + 2


def test_results_of_a_pupil_are_kept_with_what_is_said_of_the_pupil_once(
    programme_of: Make, send: Send, ask: Ask, results: Export, upn: Upn
) -> None:
    pupils = [{"upn": upn(n), "admission_number": str(n), "class_name": f"C{n}"} for n in (1, 2)]
    by_pupil = [pupil | {"subject": s} for pupil in pupils for s in SUBJECTS]
    by_subject = [pupil | {"subject": s} for s in SUBJECTS for pupil in pupils]
    apart = programme_of({"term.csv": results(*by_subject)}, name="apart")
    together = programme_of({"term.csv": results(*by_pupil)}, name="together")
    for programme in (apart, together):
        send(programme, {})
    kept = "select count(*) from landing.export_pupil"
    assert (ask(together, kept), ask(apart, kept)) == ([(2,)], [(6,)])
    for same in (
        "select admission_number, subject, outcome from core.result join core.enrolment "
        "using (pupil_id) order by all",
        "select admission_number, class_name, year_group from core.enrolment order by all",
    ):
        assert ask(together, same) == ask(apart, same)


def test_a_pupil_is_told_by_the_first_row_that_could_be_loaded(
    programme_of: Make, send: Send, ask: Ask, results: Export
) -> None:
    ada = {"admission_number": "1", "class_name": "Oak"}
    bo = {"admission_number": "2", "class_name": "Elm"}
    lost = {"admission_number": "3", "class_name": "Ash", "scale": "a scale that nobody knows"}
    rows = [
        ada | {"scale": "a scale that nobody knows"},
        ada | {"subject": "reading"},
        bo,
        ada | {"subject": "reading"},
        ada | {"subject": "writing"},
        lost,
    ]
    programme = programme_of({"term.csv": results(*rows)})
    send(programme, {})
    assert [row[0] for row in ask(programme, SAID)] == [3, 4, 6]
    assert ask(programme, ENROLLED) == [("1", "Oak", 6), ("2", "Elm", 4)]
    rejected = ask(programme, "select line from landing.rejected_row order by line")
    assert rejected == [(2,), (7,)]


def test_a_correction_of_one_row_changes_that_row_alone(
    programme_of: Make, send: Send, ask: Ask, results: Export
) -> None:
    ada = {"admission_number": "1", "class_name": "Oak"}
    programme = programme_of({"term.csv": results(*(ada | {"subject": s} for s in SUBJECTS))})
    programme.corrections_file.write_text(
        '[[correction]]\nschool = 990001\npupil = "1"\nsubject = "reading"\n'
        'column = "class_name"\nexpect = "Oak"\nvalue = "Elm"\nreason = "invented"\n',
        encoding="utf-8",
    )
    send(programme, {})
    assert [row[2:] for row in ask(programme, SAID)] == [
        ("Oak", "maths"),
        ("Elm", "reading"),
        ("Oak", "writing"),
    ]
