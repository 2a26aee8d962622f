"""Risk in the termly run: off unless asked for, told by earlier pupils, tested on last year's."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from pipeline.evaluation.allow_list import read_allow_list
from pipeline.warehouse.tables import tables
from tests.stages.progress_house import (
    SUMMER,
    House,
    Row,
    enrolled,
    flagged,
    open_house,
    rows_of,
    score,
)

SHOWN = """
subjects = ["maths", "reading"]

[[due]]
year_groups = ["3", "4", "5"]
terms = ["summer"]

[[paper]]
scale = "standardised"
reliability = 0.9

[risk]
shown = true
"""
PUPILS, SCHOOLS = 150, 6


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("risk")) as found:
        yield found


def three_cohorts() -> tuple[list[Row], list[Row]]:
    """Of Year 4 in this summer and the two before, and in Year 5 a year later.

    Pupils 1 to 150 come first; the last 150 are in Year 4 now.
    """
    dice = np.random.default_rng(3)
    enrolments, results = [], []
    for cohort in range(3):
        for pupil in range(cohort * PUPILS + 1, (cohort + 1) * PUPILS + 1):
            place = {"school_id": 990001 + pupil % SCHOOLS}
            ability = dice.normal(97, 13)
            for year in range(2 if cohort < 2 else 1):
                when = {**place, "term_no": SUMMER + 3 * (cohort - 2 + year)}
                enrolments.append(enrolled(pupil, year_group=str(4 + year), **when))
                for subject in ("maths", "reading"):
                    mark = round(ability + dice.normal(0, 5))
                    results.append(score(pupil, mark, subject=subject, **when))
    return enrolments, results


def risk(con: Any, where: str = "true") -> list[Row]:
    return rows_of(con, f"from progress.risk where {where} order by pupil_id, subject")


def test_it_is_off_unless_the_settings_ask_for_it(house: House) -> None:
    con = flagged(house, *three_cohorts(), SHOWN.replace("shown = true", "shown = false"))
    assert risk(con) == []
    assert rows_of(con, "from progress.risk_calibration") == []


def test_each_pupil_due_has_a_risk_and_says_where_it_is_from(house: House) -> None:
    con = flagged(house, *three_cohorts(), SHOWN)
    (due,) = rows_of(con, f"select count(*) as n from progress.status where term_no = {SUMMER}")
    assert len(risk(con)) == due["n"] == 4 * PUPILS
    year_4 = risk(con, "year_group = '4'")
    assert {(r["basis"], r["earlier_pupils"]) for r in year_4} == {("history", 2 * PUPILS)}
    below = rows_of(
        con,
        "select avg(r.risk) filter (where a.points < 85) as low, "
        "avg(r.risk) filter (where a.points > 105) as high from progress.risk as r "
        "join progress.attainment as a using (pupil_id, term_no, subject) "
        "where r.year_group = '4' and a.decides",
    )[0]
    assert below["low"] > 0.7
    assert below["high"] < 0.1


def test_without_earlier_pupils_the_error_of_the_test_tells(house: House) -> None:
    """Nobody was followed from Year 5 on; for those below it is the certainty of the flag."""
    con = flagged(house, *three_cohorts(), SHOWN)
    year_5 = risk(con, "year_group = '5'")
    assert {r["basis"] for r in year_5} == {"sem"}
    flags = rows_of(
        con,
        "select abs(f.certainty - r.risk) as apart from progress.flag as f join progress.risk as r "
        "using (pupil_id, term_no, subject) where f.reason = 'below' and r.year_group = '5'",
    )
    assert len(flags) > 20
    assert max(f["apart"] for f in flags) < 1e-12


def test_without_an_error_or_a_result_it_is_not_known(house: House) -> None:
    enrolments, results = three_cohorts()
    no_error = SHOWN.replace("reliability = 0.9", "expected_score = 90")
    con = flagged(house, enrolments, results, no_error)
    year_5 = risk(con, "year_group = '5'")
    assert {(r["basis"], r["risk"]) for r in year_5} == {("not_known", None)}
    con = flagged(house, enrolments, [r for r in results if r["pupil_id"] != 450], SHOWN)
    missing = risk(con, "pupil_id = 450")
    assert {(r["basis"], r["risk"]) for r in missing} == {("not_known", None)}


def test_pupils_on_their_own_steps_have_none_and_teach_nothing(house: House) -> None:
    enrolments, results = three_cohorts()
    own = [{**e, "expectation": "own" if e["pupil_id"] in (1, 450) else None} for e in enrolments]
    con = flagged(house, own, results, SHOWN)
    assert {r["basis"] for r in risk(con, "pupil_id = 450")} == {"not_known"}
    others = risk(con, "year_group = '4' and pupil_id <> 450")
    assert {r["earlier_pupils"] for r in others} == {2 * PUPILS - 1}


def test_last_years_pupils_stand_in_tenths_with_what_came_of_them(house: House) -> None:
    con = flagged(house, *three_cohorts(), SHOWN)
    tenths = rows_of(con, "from progress.risk_calibration order by subject, year_group, tenth")
    assert {(t["term_no"], t["year_group"]) for t in tenths} == {(SUMMER - 3, "4")}
    for subject in ("maths", "reading"):
        ours = [t for t in tenths if t["subject"] == subject]
        (came,) = rows_of(
            con,
            f"select count(*) filter (where attainment_status = 'below') as n from progress.status "
            f"where subject = '{subject}' and year_group = '5' and term_no = {SUMMER}",
        )
        assert sum(t["pupils"] for t in ours) == ours[0]["pupils_tested"] == PUPILS
        assert sum(t["pupils_below"] for t in ours) == came["n"]
        assert all(t["tenth"] / 10 <= t["predicted"] <= (t["tenth"] + 1) / 10 for t in ours)
        error = sum(abs(t["pupils_below"] - t["pupils"] * t["predicted"]) for t in ours) / PUPILS
        assert ours[0]["calibration_error"] == pytest.approx(error)
        assert {t["tested_on"] for t in ours} == {"other_schools"}
        assert 0.01 < ours[0]["error_by_chance"] < 0.1
        assert {t["good_enough"] for t in ours} == {error <= 0.05}


def test_what_came_too_far_from_what_was_told_is_not_good_enough(house: House) -> None:
    strict = SHOWN + "most_calibration_error = 0.001\n"
    lax = SHOWN + "most_calibration_error = 0.2\n"
    few = lax + "least_tested = 151\n"
    for settings, expected in ((strict, False), (lax, True), (few, False)):
        con = flagged(house, *three_cohorts(), settings)
        found = rows_of(con, "select distinct good_enough from progress.risk_calibration")
        assert found == [{"good_enough": expected}], settings


def test_the_evaluators_file_holds_no_risk() -> None:
    allowed = read_allow_list()
    sources = {column.source for table in allowed.tables for column in table.columns}
    assert not any(source.startswith("progress.risk") for source in sources)
    for name in ("progress.risk", "progress.risk_calibration"):
        own = {c.disclosure for c in tables()[name].columns} - {"pseudonym", "group", "label"}
        assert own == {"internal"}, name
