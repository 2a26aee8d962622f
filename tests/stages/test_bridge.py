"""Across a change of scale: a pupil's place among the same pupils, told and never judged."""

import random
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from pipeline.reports.pupil_words import change
from tests.stages.progress_house import (
    MARROWBY,
    SPRING,
    SUMMER,
    THORNLOW,
    House,
    Row,
    enrolled,
    flagged,
    open_house,
    result,
    rows_of,
    score,
)

LEVELS = ("W", "1c", "1b", "1a", "2c", "2b", "2a", "3c", "3b", "3a", "4c", "4b")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("bridge")) as house:
        yield house


def on_roll(pupils: int, **other: object) -> list[Row]:
    return [
        enrolled(p, term, **{"entry_date": None} | other)
        for p in range(1, pupils + 1)
        for term in (SPRING, SUMMER)
    ]


def level(pupil: int, outcome: str, **other: object) -> Row:
    return result(pupil, outcome, SPRING, scale="nc-level", **other)


def bridged(house: House, results: list[Row], pupils: int, settings: str = "") -> dict[int, Row]:
    con = flagged(house, on_roll(pupils), results, settings)
    return {r["pupil_id"]: r for r in rows_of(con, "from progress.bridge")}


def test_levels_and_scores_are_bridged_by_place_among_the_same_pupils(house: House) -> None:
    """Twelve pupils, each a level apart, come out in the opposite order; one has only a score."""
    results = [level(p, LEVELS[p - 1]) for p in range(1, 13)]
    results += [score(p, 130 - p, term_no=SUMMER) for p in range(1, 14)]
    found = bridged(house, results, 13)
    assert found.keys() == set(range(1, 13))
    for pupil, row in found.items():
        assert (row["pupils"], row["place_then"], row["place_now"]) == (12, 13 - pupil, pupil)
        assert (row["from_scale"], row["scale"]) == ("nc-level", "standardised")
        assert row["percentile_then"] == pytest.approx(100 * (pupil - 0.5) / 12)
        assert row["percentile_now"] == pytest.approx(100 * (12.5 - pupil) / 12)


def test_pupils_with_the_same_outcome_share_a_place(house: House) -> None:
    results = [level(p, "3a" if p <= 4 else "2b") for p in range(1, 11)]
    results += [score(p, 100) for p in range(1, 11)]
    found = bridged(house, results, 10)
    assert {(r["place_then"], r["level_then"]) for r in found.values()} == {(1, 4), (5, 6)}
    assert {(r["place_now"], r["level_now"], r["percentile_now"]) for r in found.values()} == {
        (1, 10, 50.0)
    }
    assert {r["percentile_then"] for r in found.values()} == {80.0, 30.0}


def test_an_outcome_too_low_for_points_has_the_lowest_place(house: House) -> None:
    results = [level(p, "P6" if p == 7 else "W") for p in range(1, 11)]
    results += [score(p, 100) for p in range(1, 11)]
    assert bridged(house, results, 10)[7]["place_then"] == 10


@pytest.mark.parametrize(("pupils", "settings", "told"), [
    (9, "", 0), (10, "", 10), (4, "bridge_minimum_pupils = 4\n", 4),
])  # fmt: skip
def test_among_too_few_pupils_no_place_is_told(
    house: House, pupils: int, settings: str, told: int
) -> None:
    results = [level(p, "3b") for p in range(1, pupils + 1)]
    results += [score(p, 90 + p) for p in range(1, pupils + 1)]
    assert len(bridged(house, results, pupils, settings)) == told


def test_nothing_is_bridged_where_the_scale_stays(house: House) -> None:
    results = [r for p in range(1, 13) for r in (level(p, "3b"), score(p, 100))]
    same = [r | {"scale": "nc-level", "outcome": "3a", "assessment_kind": "teacher"}
            if r["scale"] == "standardised" else r for r in results]  # fmt: skip
    assert bridged(house, same, 12) == {}
    assert len(bridged(house, results, 12)) == 12


def test_another_kind_and_another_year_group_are_other_cohorts(house: House) -> None:
    rolls = [enrolled(p, t, "4" if p > 10 else "5") for p in range(1, 21) for t in (SPRING, SUMMER)]
    results = [level(p, "3b") for p in range(1, 21)] + [score(p, 80 + p) for p in range(1, 21)]
    con = flagged(house, rolls, results)
    found = {r["pupil_id"]: r for r in rows_of(con, "from progress.bridge")}
    assert {r["pupils"] for r in found.values()} == {10}
    assert (found[10]["place_now"], found[20]["place_now"], found[11]["place_now"]) == (1, 1, 10)


def test_a_pupil_who_has_moved_is_not_placed_among_pupils_of_the_new_school(house: House) -> None:
    rolls = on_roll(11)
    moved = [r | {"school_id": THORNLOW} if (r["pupil_id"], r["term_no"]) == (11, SPRING) else r
             for r in rolls]  # fmt: skip
    results = [level(p, "3b", school_id=THORNLOW if p == 11 else MARROWBY) for p in range(1, 12)]
    results += [score(p, 80 + p) for p in range(1, 12)]
    con = flagged(house, moved, results)
    assert {r["pupil_id"] for r in rows_of(con, "from progress.bridge")} == set(range(1, 11))


@pytest.mark.parametrize("seed", range(5))
def test_a_bridge_judges_nobody(house: House, seed: int) -> None:
    """However places change, nobody is slow, lower, new or recovered across a change of scale."""
    dice = random.Random(seed)
    results = [level(p, dice.choice(LEVELS)) for p in range(1, 31)]
    results += [score(p, dice.randint(70, 130)) for p in range(1, 31)]
    con = flagged(
        house, on_roll(30), results, '[[paper]]\nscale = "standardised"\nreliability = 0.9\n'
    )
    told = rows_of(con, f"from progress.status where term_no = {SUMMER} and subject = 'maths'")
    assert {r["change"] for r in told} == {"scale_changed"}
    assert {r["reason"] for r in rows_of(con, f"from progress.flag where term_no = {SUMMER}")} == {
        "below"
    }
    places = rows_of(
        con, "select place_then, place_now, level_then, level_now from progress.bridge"
    )
    assert len(places) == 30
    for then, level_of in (("place_then", "level_then"), ("place_now", "level_now")):
        # Every place from the first to the last is had by somebody, once.
        spread = sorted(p for r in {(r[then], r[level_of]) for r in places}
                        for p in range(r[0], r[0] + r[1]))  # fmt: skip
        assert spread == list(range(1, 31))


def test_raw_marks_of_another_named_paper_are_bridged_too(house: House) -> None:
    """As where a study changes from one test to another; raw marks are ranked either way."""
    pupils = range(1, 41)
    papers = ((SPRING, "SAT"), (SUMMER, "CTBS"))
    results = [
        result(p, str(mark), term, scale="raw", assessment_kind="test", assessment=paper)
        for p in pupils
        for (term, paper), mark in zip(papers, (400 + p, 700 - p), strict=True)
    ]
    found = bridged(house, results, 40)
    assert len(found) == 40
    assert {(r["place_then"] + r["place_now"]) for r in found.values()} == {41}


def test_the_words_of_a_page_name_places_and_no_progress() -> None:
    row = SimpleNamespace(change="scale_changed", bridge_pupils=26, place_then=2, level_then=1,
                          place_now=11, level_now=3)  # fmt: skip
    assert change(row) == (
        "assessed differently last time: of the same 26 pupils, 2nd then and 11th to 13th now"
    )
    row.bridge_pupils = None
    assert change(row) == "assessed differently last time"
    row.change, row.bridge_pupils = "new", 26
    assert change(row) == "newly underachieving"


def test_without_pupils_there_is_no_bridge(house: House) -> None:
    assert rows_of(flagged(house, [], []), "from progress.bridge") == []
