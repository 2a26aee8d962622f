"""What holds of statuses for any roll and any results."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stages.progress_house import (
    SPRING,
    SUMMER,
    House,
    Row,
    enrolled,
    flagged,
    open_house,
    result,
    rows_of,
)

KNOWN = '[[paper]]\nscale = "standardised"\nreliability = 0.9\n'
LADDERS = {
    "ta": ["BLW", "PK1", "PK4", "WTS", "EXS", "GDS"],
    "nc-level": ["B", "1c", "2b", "3c", "3b", "3a", "4c", "5a"],
}
SCORES = [str(mark) for mark in range(70, 131, 5)]
TERMS = range(SUMMER - 4, SUMMER + 1)
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("always")) as house:
        yield house


def outcome_of(scale: str) -> st.SearchStrategy[str]:
    return st.sampled_from(LADDERS.get(scale, SCORES))


@st.composite
def told(draw: Any, pupil: int, term_no: int, scale: str | None = None, attempt: int = 1) -> Row:
    scale = scale or draw(st.sampled_from([*LADDERS, "standardised"]))
    kind = "test" if scale == "standardised" else draw(st.sampled_from(["teacher", "test"]))
    target = draw(st.none() | outcome_of(scale))
    return result(pupil, draw(outcome_of(scale)), term_no, scale=scale, assessment_kind=kind,
                  target=target, assessment=f"Drop {attempt}", file_id=draw(st.integers(2, 4)),
                  target_term=draw(st.sampled_from([None, "spring", "summer"])))  # fmt: skip


@st.composite
def pupils(draw: Any) -> tuple[list[Row], list[Row]]:
    """Up to six pupils over five terms: who is on roll, and what was recorded of them."""
    roll, results = [], []
    for pupil in range(1, draw(st.integers(2, 6)) + 1):
        own = draw(st.sampled_from([None, None, None, "own"]))
        usual = draw(st.sampled_from([None, *LADDERS, "standardised"]))
        for term_no in TERMS:
            if draw(st.integers(0, 9)) == 0:
                continue
            year = "5" if term_no // 3 == SUMMER // 3 else "4"
            roll.append(enrolled(pupil, term_no, year, expectation=own))
            results += [
                draw(told(pupil, term_no, usual, n)) for n in range(draw(st.integers(0, 2)))
            ]
    return roll, results


def statuses(house: House, roll: list[Row], results: list[Row]) -> dict[tuple[int, int, str], Row]:
    con = flagged(house, roll, results, KNOWN)
    rows = rows_of(con, "from progress.status")
    found = {(r["pupil_id"], r["term_no"], r["subject"]): r for r in rows}
    assert len(found) == len(rows)
    return found


@FEW
@given(told=pupils())
def test_every_pupil_on_roll_has_exactly_one_status_for_each_subject_and_term_due(
    house: House, told: tuple[list[Row], list[Row]]
) -> None:
    roll, results = told
    found = statuses(house, roll, results)
    assert set(found) == {
        (e["pupil_id"], e["term_no"], subject)
        for e in roll
        for subject in ("maths", "reading", "writing")
    }
    for row in found.values():
        assert row["status"] in ("on_track", "underachieving", "not_assessed", "not_comparable")


@FEW
@given(told=pupils(), added=told(1, SUMMER, attempt=9))
def test_a_result_more_never_changes_another_pupils_status(
    house: House, told: tuple[list[Row], list[Row]], added: Row
) -> None:
    roll, results = told
    before = statuses(house, roll, results)
    after = statuses(house, roll, [*results, added])
    others = {key for key in before if key[0] != 1}
    assert {key: after[key] for key in others} == {key: before[key] for key in others}


@FEW
@given(told=pupils(), term_no=st.sampled_from([SPRING, SUMMER]), data=st.data())
def test_a_better_outcome_never_makes_the_status_of_its_term_worse(
    house: House, told: tuple[list[Row], list[Row]], term_no: int, data: st.DataObject
) -> None:
    roll, results = told
    these = [r for r in results if r["term_no"] == term_no]
    if not these:
        return
    better = []
    for r in results:
        order = LADDERS.get(r["scale"], SCORES)
        higher = order[order.index(r["outcome"]) :]
        raised = data.draw(st.sampled_from(higher)) if r["term_no"] == term_no else r["outcome"]
        better.append(r | {"outcome": raised, "outcome_as_sent": raised})
    before, after = (statuses(house, roll, rows) for rows in (results, better))
    for key, row in before.items():
        if key[1] == term_no and row["status"] == "on_track":
            assert after[key]["status"] == "on_track"
