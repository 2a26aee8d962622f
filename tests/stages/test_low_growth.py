"""Low growth supports another reason and never is one by itself."""

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipeline.calendar import Term
from pipeline.progress.flag import flag
from pipeline.reports.sentences import sentences
from tests.stages.progress_house import (
    AUTUMN,
    SPRING,
    SUMMER,
    House,
    Row,
    enrolled,
    flagged,
    open_house,
    rows_of,
    score,
)

KNOWN = '[[paper]]\nscale = "standardised"\nstandard_error = 3\n'
NO_DROP = "noise_factor = 5\n"  # so that a fall by itself is no reason


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("growth")) as house:
        yield house


def cohort(
    fallen: tuple[float, float], pupils: int = 240, **pupil_1: Any
) -> tuple[list[Row], list[Row]]:
    """Pupils who stay about where they were, and pupil 1 who fell from one score to another."""
    roll, results = [], []
    for pupil in range(1, pupils + 1):
        before = 80 + pupil * 7 % 41
        now = before + (pupil * 11 % 9) - 4
        if pupil == 1:
            before, now = fallen
        own = pupil_1 if pupil == 1 else {}
        roll += [enrolled(pupil, t, **({"expectation": None} | own)) for t in (SPRING, SUMMER)]
        results += [score(pupil, before, term_no=SPRING), score(pupil, now, term_no=SUMMER)]
    return roll, results


def reasons(con: duckdb.DuckDBPyConnection, pupil: int = 1, term_no: int = SUMMER) -> set[str]:
    where = f"where pupil_id = {pupil} and term_no = {term_no} and subject = 'maths'"
    return {row["reason"] for row in rows_of(con, f"from progress.flag {where}")}


def test_a_pupil_who_fell_behind_those_of_the_same_start_has_it_beside_being_below(
    house: House,
) -> None:
    con = flagged(house, *cohort((105, 85)), NO_DROP + KNOWN)
    assert reasons(con) == {"below", "low_growth"}
    (flag_row,) = rows_of(con, "from progress.flag where pupil_id = 1 and reason = 'low_growth'")
    assert (flag_row["value"], flag_row["n"], flag_row["certainty"]) == (85, 240, None)
    assert flag_row["certainty_band"] == "borderline"
    (growth,) = rows_of(con, "from progress.growth where pupil_id = 1")
    assert growth["percentile"] < 10 and growth["lowest"] <= growth["percentile"]
    assert growth["highest"] < 50 and growth["priors"] == "1"
    assert (growth["term"], growth["norm_pupils"]) == ("summer", 240)


def test_it_is_never_a_reason_by_itself(house: House) -> None:
    con = flagged(house, *cohort((115, 95)), NO_DROP + KNOWN)
    assert reasons(con) == set()
    only = "select count(*) as n from progress.flag group by pupil_id, term_no, subject "
    assert not rows_of(con, only + "having bool_and(reason = 'low_growth')")
    assert rows_of(con, "from progress.status where pupil_id = 1 and status = 'on_track'")


@pytest.mark.parametrize(
    ("pupils", "settings", "pupil"),
    [
        (199, KNOWN, {}),
        (240, "", {}),  # nobody has entered the error of the test
        (240, KNOWN.replace("= 3", "= 16"), {}),  # its interval reaches the middle
        (240, "low_growth_under = 0\n" + KNOWN, {}),
        (240, "growth_minimum_pupils = 241\n" + KNOWN, {}),
        (240, KNOWN, {"entry_date": dt.date(2026, 4, 20)}),
        (240, KNOWN, {"expectation": "own"}),
    ],
)
def test_where_it_cannot_be_said_nobody_has_it(
    house: House, pupils: int, settings: str, pupil: dict[str, Any]
) -> None:
    con = flagged(house, *cohort((105, 85), pupils, **pupil), NO_DROP + settings)
    assert "low_growth" not in reasons(con)
    assert not rows_of(con, "from progress.growth where pupil_id = 1")


def test_a_small_fall_is_not_low_growth(house: House) -> None:
    con = flagged(house, *cohort((92, 88)), NO_DROP + KNOWN)
    assert reasons(con) == {"below"}


def test_without_an_earlier_score_nothing_is_said(house: House) -> None:
    roll, results = cohort((105, 85))
    later = [r for r in results if (r["pupil_id"], r["term_no"]) != (1, SPRING)]
    assert reasons(flagged(house, roll, later, NO_DROP + KNOWN)) == {"below"}


def test_an_earlier_score_of_another_year_group_is_of_another_paper(house: House) -> None:
    roll, results = cohort((105, 85))
    moved = [
        r | {"year_group": "4"} if (r["pupil_id"], r["term_no"]) == (1, SPRING) else r for r in roll
    ]
    assert reasons(flagged(house, moved, results, NO_DROP + KNOWN)) == {"below"}


@pytest.mark.parametrize(
    ("missing", "priors", "norm_pupils"),
    [(None, "1,2", 300), (SPRING, "2", 300), (AUTUMN, "1", 400)],
)
def test_scores_of_earlier_terms_are_used_as_far_as_there_are_any(
    house: House, missing: int | None, priors: str, norm_pupils: int
) -> None:
    roll, results = cohort((105, 85), 400)
    for pupil in range(1, 401):
        if pupil % 4:
            roll.append(enrolled(pupil, AUTUMN))
            results.append(score(pupil, 80 + pupil * 13 % 41, term_no=AUTUMN))
    there = [r for r in results if (r["pupil_id"], r["term_no"]) != (1, missing)]
    con = flagged(house, roll, there, NO_DROP + KNOWN)
    (growth,) = rows_of(con, "from progress.growth where pupil_id = 1")
    assert (growth["priors"], growth["norm_pupils"]) == (priors, norm_pupils)


def test_two_subjects_and_two_year_groups_are_not_mixed(house: House) -> None:
    roll, results = cohort((105, 85))
    others = [r | {"pupil_id": r["pupil_id"] + 1000} for r in roll]
    roll += [r | {"year_group": "3"} for r in others]
    told = [r | {"pupil_id": r["pupil_id"] + 1000} for r in results]
    results += told + [r | {"subject": "reading"} for r in results]
    con = flagged(house, roll, results, NO_DROP + KNOWN)
    where = "from progress.growth where pupil_id in (1, 1001) order by subject, pupil_id"
    found = rows_of(con, where)
    assert [(r["pupil_id"], r["subject"]) for r in found] == [
        (1, "maths"), (1001, "maths"), (1, "reading"),
    ]  # fmt: skip
    for name in ("percentile", "lowest", "highest", "norm_pupils"):
        assert len({r[name] for r in found}) == 1
    assert found[0]["norm_pupils"] == 240


def test_levels_are_not_compared(house: House) -> None:
    roll, results = cohort((105, 85))
    ladder = {"scale": "ta", "assessment_kind": "teacher"}
    told = [r | ladder | {"outcome": "EXS" if int(r["outcome"]) > 89 else "WTS"} for r in results]
    assert not rows_of(flagged(house, roll, told, KNOWN), "from progress.growth")


def test_it_is_told_for_the_term_of_the_run(house: House) -> None:
    con = flagged(house, *cohort((105, 85)), NO_DROP + KNOWN)
    flag(con, house.programme, Term(SPRING))
    assert reasons(con) == {"below"}
    flag(con, house.programme, Term(SUMMER))
    assert reasons(con) == {"below", "low_growth"}


def test_the_order_of_the_rows_changes_nothing(house: House) -> None:
    roll, results = cohort((105, 85))
    asked = "from progress.growth order by all"
    first = rows_of(flagged(house, roll, results, NO_DROP + KNOWN), asked)
    again = rows_of(flagged(house, roll[::-1], results[::-1], NO_DROP + KNOWN), asked)
    assert first == again and first


def test_its_sentence_says_that_it_only_supports() -> None:
    row = SimpleNamespace(
        reason="low_growth", subject="maths", percentile=4, lowest=1, highest=31, n=1240
    )
    assert sentences([row], "Amy") == (
        "Of 100 pupils with the same earlier results in maths, about 96 scored more this time (as "
        "tests have errors, 69 to 99 are possible; 1,240 pupils are compared). This supports what "
        "is said before it and is no reason by itself."
    )
