"""A large file comes in parts, and what is understood of it is the same as of the whole."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.landing import stage
from pipeline.programme import Programme

Make, Send, Ask = Callable[..., Programme], Callable[..., Any], Callable[..., Any]
Export, Upn, Everything = Callable[..., str], Callable[[int], str], Callable[[Programme], Any]
ROWS_IN_A_PART = 3


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


def test_parts_make_the_warehouse_that_the_whole_makes(
    programme_of: Make,
    send: Send,
    everything: Everything,
    large: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = programme_of({"term.csv": large}, name="whole")
    send(whole, {})
    in_parts(monkeypatch)
    parts = programme_of({"term.csv": large}, name="parts")
    send(parts, {})
    assert everything(parts) == everything(whole)


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
