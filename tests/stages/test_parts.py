"""A large file comes in parts, and what is understood of it is the same as of the whole."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.landing import ingest, stage
from pipeline.landing.portion import Portion
from pipeline.landing.reading import plain
from pipeline.programme import Programme

Make, Send, Ask = Callable[..., Programme], Callable[..., Any], Callable[..., Any]
Export, Upn, Everything = Callable[..., str], Callable[[int], str], Callable[[Programme], Any]
ROWS_IN_A_PART = 3
# Parts are of whole blocks; a row takes about half of one.
BYTES_IN_A_BLOCK = 300


@pytest.fixture
def large(results: Export, upn: Upn) -> str:
    """Eleven rows: one comes again twice in later parts, others cannot be read."""
    ada, bo, cy = ({"upn": upn(n), "admission_number": str(n)} for n in (1, 2, 3))
    return results(
        ada,
        bo | {"subject": "reading"},
        cy | {"scale": "a scale that nobody knows"},
        ada | {"subject": "writing", "outcome": ""},
        ada,
        bo | {"term": "no term"},
        cy | {"date_of_birth": "7/3/2017", "assessment_date": "3/12/2025"},
        cy | {"scale": "a scale that nobody knows"},
        ada,
        bo | {"subject": "maths", "assessment": "a first try"},
        bo | {"subject": "maths", "assessment": "a first try", "outcome": "GDS"},
    )


def in_parts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stage, "ROWS_TOGETHER", ROWS_IN_A_PART)
    patch.setattr(plain, "BLOCK", BYTES_IN_A_BLOCK)


@pytest.fixture
def with_rows_of_nobody(results: Export, upn: Upn) -> str:
    """Seventeen rows, some blank, of totals, or the headings again; and a pupil without a UPN."""
    some, more = (
        [{"upn": upn(n), "admission_number": str(n)} for n in numbers]
        for numbers in ((1, 2, 3, 4), (5, 6, 7))
    )
    text = results(*some, {"upn": "", "admission_number": "8"}, *more, *some)
    headings, *rows = text.splitlines(keepends=True)
    width = headings.count(",")
    blank, totals = "," * width + "\n", "Total,7" + "," * (width - 1) + "\n"
    rows[6:6] = [totals, blank, headings]
    return "".join([headings, blank, *rows, totals])


@pytest.mark.parametrize("blanks", ["", " "], ids=["as sent", "trimmed"])
@pytest.mark.parametrize("rows", ["large", "with_rows_of_nobody"])
def test_parts_make_the_warehouse_that_the_whole_makes(
    programme_of: Make,
    send: Send,
    everything: Everything,
    request: pytest.FixtureRequest,
    rows: str,
    blanks: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = request.getfixturevalue(rows).replace("EXS", "EXS" + blanks)
    whole = programme_of({"term.csv": text}, name="whole")
    send(whole, {})
    in_parts(monkeypatch)
    parts = programme_of({"term.csv": text}, name="parts")
    send(parts, {})
    assert everything(parts) == everything(whole)


def test_rows_of_nobody_are_skipped_with_their_lines_and_reasons(
    programme_of: Make,
    send: Send,
    ask: Ask,
    with_rows_of_nobody: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_parts(monkeypatch)
    programme = programme_of({"term.csv": with_rows_of_nobody})
    done = send(programme, {})
    assert (done.rows_loaded, done.rows_rejected, done.rows_skipped) == (8, 0, 9)
    skipped = ask(programme, "select line, reason from landing.skipped_row order by line")
    assert skipped == [
        (2, "blank row"),
        (9, "a row of totals"),
        (10, "blank row"),
        (11, "the headings again"),
        (14, "the same as line 3"),
        (15, "the same as line 4"),
        (16, "the same as line 5"),
        (17, "the same as line 6"),
        (18, "a row of totals"),
    ]


def test_a_row_that_comes_again_in_a_later_part_counts_once(
    programme_of: Make, send: Send, ask: Ask, large: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_parts(monkeypatch)
    programme = programme_of({"term.csv": large})
    send(programme, {})
    skipped = ask(programme, "select line, reason from landing.skipped_row order by line")
    assert skipped == [
        (6, "the same as line 2"),
        (9, "the same as line 4"),
        (10, "the same as line 2"),
    ]
    rejected = ask(programme, "select line, rule_code from landing.rejected_row order by line")
    assert rejected == [(4, "row_scale"), (7, "row_term")]


def test_a_row_comes_again_whether_its_pupil_is_read_with_other_rows_or_alone(
    programme_of: Make,
    send: Send,
    ask: Ask,
    everything: Everything,
    results: Export,
    upn: Upn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What rows together say of a pupil is read apart from them; a row that stands alone is not."""
    held_apart: list[bool] = []

    def held(portion: Portion) -> None:
        hold_leading_apart(portion)
        held_apart.append(portion.leading is not None)

    ada, bo, cy = ({"upn": upn(n), "admission_number": str(n)} for n in (1, 2, 3))
    subjects = [{"subject": subject} for subject in ("maths", "reading", "writing")]
    together = [pupil | subject for pupil in (ada, bo) for subject in subjects]
    text = results(*together, together[4], cy, ada, cy | {"outcome": "GDS"}, together[5], cy, bo)
    whole = programme_of({"term.csv": text}, name="whole")
    send(whole, {})
    hold_leading_apart = Portion.hold_leading_apart
    monkeypatch.setattr(Portion, "hold_leading_apart", held)
    monkeypatch.setattr(stage, "ROWS_TOGETHER", 6)
    monkeypatch.setattr(plain, "BLOCK", BYTES_IN_A_BLOCK)
    parts = programme_of({"term.csv": text}, name="parts")
    send(parts, {})
    assert set(held_apart) == {True, False}
    assert ask(parts, "select line, reason from landing.skipped_row order by line") == [
        (8, "the same as line 6"),
        (10, "the same as line 2"),
        (12, "the same as line 7"),
        (13, "the same as line 9"),
        (14, "the same as line 5"),
    ]
    assert everything(parts) == everything(whole)


def test_month_first_dates_of_a_later_part_refuse_the_whole_file(
    programme_of: Make, send: Send, ask: Ask, results: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_parts(monkeypatch)
    odd = [{"admission_number": str(n), "date_of_birth": "03/25/2017"} for n in (7, 8, 9)]
    rows = [{"admission_number": str(n)} for n in range(1, 7)]
    programme = programme_of({"term.csv": results(*rows, *odd)})
    found = send(programme, {})
    assert list(found.refused) == [1]
    assert "month/day/year" in found.refused[1]
    assert ask(programme, "select count(*) from landing.export_row") == [(0,)]


def test_a_file_of_which_a_part_is_lost_is_refused_and_the_others_are_loaded(
    programme_of: Make,
    send: Send,
    ask: Ask,
    results: Export,
    large: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_parts(monkeypatch)
    programme = programme_of({"a.csv": large, "b.csv": results({"admission_number": "7"})})

    def make_stage_and_lose(con: Any) -> None:
        stage.make_stage(con)
        copy = programme.private / "incoming" / "000001"
        copy.write_bytes(copy.read_bytes()[:-300])

    monkeypatch.setattr(ingest, "make_stage", make_stage_and_lose)
    threads = threading.active_count()
    found = send(programme, {})
    assert list(found.refused) == [1]
    assert found.refused[1].startswith("11 lines of data were counted and ")
    assert ask(programme, "select distinct file_id from landing.export_row") == [(2,)]
    assert threading.active_count() == threads
