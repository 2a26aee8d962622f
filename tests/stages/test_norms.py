"""Raw marks are compared within those who sat the same paper, and a late school moves nobody."""

import datetime as dt
import shutil
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from scipy.stats import norm, rankdata

from pipeline.calendar import Term
from pipeline.errors import SettingsWrong
from pipeline.progress.norms import forget_norms, keep_norms
from tests.stages.progress_house import (
    MARROWBY,
    SUMMER,
    THORNLOW,
    House,
    Row,
    enrolled,
    flagged,
    open_house,
    result,
    rows_of,
)

PAPER = {"scale": "raw", "assessment_kind": "test", "assessment": "Marrow Paper 5"}
MARKS = [3, 7, 7, 8, 9, 9, 9, 11, 12, 12, 13, 14, 15, 15, 15, 16, 17, 18, 19, 20, 21, 21, 22, 24,
         25, 28, 31, 40, 40, 40]  # fmt: skip
TERM = Term(SUMMER)


def sat(pupil: int, mark: float, **other: Any) -> Row:
    return result(pupil, f"{mark:g}", **PAPER | other)


def a_class(marks: list[int], first: int = 1, **other: Any) -> tuple[list[Row], list[Row]]:
    pupils = range(first, first + len(marks))
    school = {"school_id": other.get("school_id", MARROWBY)}
    return (
        [enrolled(p, **school) for p in pupils],
        [sat(p, m, **other) for p, m in zip(pupils, marks, strict=True)],
    )


def points(con: duckdb.DuckDBPyConnection) -> dict[int, float | None]:
    told = rows_of(con, "select pupil_id, points from progress.attainment where decides")
    return {r["pupil_id"]: r["points"] for r in told}


def norm_pupils(con: duckdb.DuckDBPyConnection) -> set[int]:
    return {r["norm_pupils"] for r in rows_of(con, "from progress.norm")}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("norms")) as house:
        yield house


@pytest.fixture
def house(shared: House) -> House:
    """A programme that has kept no norm yet."""
    shutil.rmtree(shared.programme.norms, ignore_errors=True)
    return shared


def test_a_mark_stands_where_its_average_rank_among_ties_does(house: House) -> None:
    ranks = rankdata(MARKS, method="average")
    expected = 100 + 15 * norm.ppf((ranks - 0.5) / len(MARKS))
    con = flagged(house, *a_class(MARKS))
    told = points(con)
    assert [told[p] for p in sorted(told)] == pytest.approx(list(expected), abs=1e-9)


def test_a_ceiling_makes_one_score_of_its_pupils_and_not_an_infinite_one(
    house: House,
) -> None:
    con = flagged(house, *a_class([40] * 20 + [30] * 10))
    told = points(con)
    assert told[1] == told[20] == pytest.approx(100 + 15 * norm.ppf(20 / 30))


def test_marks_of_29_pupils_are_not_comparable_and_of_30_are(house: House) -> None:
    for pupils, status in ((29, "not_comparable"), (30, "at_expectation")):
        con = flagged(house, *a_class(MARKS[:pupils]))
        told = rows_of(con, "select attainment_status from progress.status where pupil_id = 18")
        assert status in {r["attainment_status"] for r in told}


def test_a_named_paper_is_compared_over_schools_however_its_name_is_written(
    house: House,
) -> None:
    here = a_class(MARKS[:15])
    there = a_class(MARKS[15:], first=101, school_id=THORNLOW, assessment="marrow PAPER 5")
    con = flagged(house, here[0] + there[0], here[1] + there[1])
    assert norm_pupils(con) == {30}
    assert None not in points(con).values()


def test_a_mark_without_a_named_paper_is_compared_within_its_school_only(
    house: House,
) -> None:
    here = a_class(MARKS, assessment="")
    there = a_class(MARKS[:29], first=101, school_id=THORNLOW, assessment="")
    con = flagged(house, here[0] + there[0], here[1] + there[1])
    told = points(con)
    assert all(told[p] is not None for p in range(1, 31))
    assert all(told[p] is None for p in range(101, 130))


def test_a_paper_sat_by_two_year_groups_has_two_norms(house: House) -> None:
    older, younger = a_class(MARKS), a_class([m + 5 for m in MARKS], first=101)
    for e in younger[0]:
        e["year_group"] = "4"
    con = flagged(house, older[0] + younger[0], older[1] + younger[1])
    told = points(con)
    assert [told[p] for p in range(1, 31)] == [told[p] for p in range(101, 131)]


def test_a_pupil_who_was_absent_first_and_sat_the_paper_later_is_in_the_norm(
    house: House,
) -> None:
    enrolments, results = a_class(MARKS)
    results[0] |= {"attempt": 2, "assessment_date": dt.date(2026, 6, 22)}
    results.append(result(1, None, **PAPER, assessment_date=dt.date(2026, 6, 8)))
    con = flagged(house, enrolments, results)
    assert norm_pupils(con) == {30}


def test_a_second_mark_is_placed_among_the_first_ones_and_moves_nobody(
    house: House,
) -> None:
    enrolments, results = a_class(MARKS, assessment_date=dt.date(2026, 6, 8))
    con = flagged(house, enrolments, results)
    before = points(con)
    again = sat(1, 40, attempt=2, assessment_date=dt.date(2026, 7, 1))
    con = flagged(house, enrolments, [*results, again])
    after = points(con)
    assert after[1] == before[30]
    assert {p: v for p, v in after.items() if p > 1} == {p: v for p, v in before.items() if p > 1}


def test_a_pupil_who_sat_a_paper_in_two_schools_counts_once(house: House) -> None:
    enrolments, results = a_class(MARKS)
    enrolments.append(enrolled(1, school_id=THORNLOW, on_roll=False))
    results.append(sat(1, 12, school_id=THORNLOW))
    con = flagged(house, enrolments, results)
    assert norm_pupils(con) == {30}


def test_marks_of_pupils_missing_from_one_roll_count_where_another_roll_has_them(
    house: House,
) -> None:
    enrolments, results = a_class(MARKS)
    enrolments[0]["school_id"] = THORNLOW
    con = flagged(house, enrolments, results)
    assert norm_pupils(con) == {30}
    assert points(con)[1] is not None


def test_a_norm_that_was_kept_is_used_and_a_late_school_moves_nobody(house: House) -> None:
    here, late = a_class(MARKS), a_class([39] * 40, first=101, school_id=THORNLOW)
    con = flagged(house, *here)
    before = points(con)
    assert keep_norms(con, house.programme, TERM) == house.programme.norms / "2025-26-summer.csv"
    together = (here[0] + late[0], here[1] + late[1])
    con = flagged(house, *together)
    after = points(con)
    assert {p: after[p] for p in before} == before
    assert after[101] == pytest.approx(100 + 15 * norm.ppf(27 / 30))
    assert keep_norms(con, house.programme, TERM) is None
    forget_norms(house.programme, TERM)
    con = flagged(house, *together)
    assert norm_pupils(con) == {70}
    assert points(con)[1] == pytest.approx(100 + 15 * norm.ppf(0.5 / 70))


def test_a_mark_outside_a_kept_norm_stands_half_a_pupil_from_its_end(house: House) -> None:
    here = a_class(MARKS)
    con = flagged(house, *here)
    keep_norms(con, house.programme, TERM)
    late = a_class([1, 49], first=101, school_id=THORNLOW)
    con = flagged(house, here[0] + late[0], here[1] + late[1])
    told = points(con)
    assert told[101] == pytest.approx(100 + 15 * norm.ppf(0.5 / 30))
    assert told[102] == pytest.approx(100 + 15 * norm.ppf(29.5 / 30))


def test_marks_of_too_few_pupils_are_not_kept_and_become_comparable_with_more(
    house: House,
) -> None:
    few = a_class(MARKS[:20])
    con = flagged(house, *few)
    assert keep_norms(con, house.programme, TERM) is None
    more = a_class(MARKS[20:], first=101, school_id=THORNLOW)
    con = flagged(house, few[0] + more[0], few[1] + more[1])
    assert None not in points(con).values()


def test_a_new_paper_joins_the_norms_kept_before_and_leaves_them_as_they_are(
    house: House,
) -> None:
    first = a_class(MARKS)
    con = flagged(house, *first)
    kept = keep_norms(con, house.programme, TERM)
    assert kept
    before = kept.read_text(encoding="utf-8").splitlines()
    name = 'Paper "B", part 2'
    second = [sat(p, m + 1, assessment=name) for p, m in enumerate(MARKS, start=1)]
    con = flagged(house, first[0], first[1] + second)
    assert keep_norms(con, house.programme, TERM) == kept
    assert set(before) < set(kept.read_text(encoding="utf-8").splitlines())
    con = flagged(house, first[0], first[1] + second)
    assert {r["kept"] for r in rows_of(con, "from progress.norm")} == {True}


def test_a_damaged_norm_is_a_setting_to_mend(house: House) -> None:
    house.programme.norms.mkdir(parents=True)
    (house.programme.norms / "2025-26-summer.csv").write_text("mark\nten\n", encoding="utf-8")
    with pytest.raises(SettingsWrong, match=r"norms/2025-26-summer.csv.*--renorm"):
        flagged(house, [], [])


def test_a_code_that_says_how_low_is_below_on_marks_too(house: House) -> None:
    own = (
        'scale = "raw"\ntitle = "Raw mark"\nkind = "cohort"\nassessment_kind = "test"\n'
        'mean = 100\nspread = 15\nminimum = 0\ntoo_low_for_points = ["B"]\n'
    )
    enrolments, results = a_class(MARKS)
    low = result(99, "B", **PAPER)
    con = flagged(house, [*enrolments, enrolled(99)], [*results, low], scales={"raw": own})
    told = rows_of(con, "from progress.flag where pupil_id = 99")
    assert [(r["certainty_band"], r["value"]) for r in told] == [("clear", None)]
