"""How many of a group are at the standard, with intervals; gaps between groups; who moved."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipeline.warehouse.tables import tables
from tests.stages.progress_house import (
    AUTUMN,
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
)

TOGETHER = "maths+reading+writing"
GROUPS = {"sex": None, "pupil_premium": None, "sen": None, "eal": None}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("patterns")) as house:
        yield house


def on_roll(pupil: int, term_no: int = SUMMER, year_group: str = "5", **other: Any) -> Row:
    return enrolled(pupil, term_no, year_group, **(GROUPS | other))


def at(house: House, *counts: tuple[int, int], **group: tuple[Any, ...]) -> Any:
    """Groups of pupils of whom so many of so many are at EXS in maths, the rest at WTS."""
    roll, results = [], []
    for nth, (held, of) in enumerate(counts):
        mine = {name: values[nth] for name, values in group.items()}
        for place in range(of):
            pupil = 1000 * nth + place + 1
            roll.append(on_roll(pupil, **mine))
            results.append(result(pupil, "EXS" if place < held else "WTS"))
    return flagged(house, roll, results)


def patterns(con: duckdb.DuckDBPyConnection, **where: Any) -> list[Row]:
    held = " and ".join(f"{name} = '{value}'" for name, value in where.items())
    return rows_of(con, f"from progress.pattern where {held} order by all")


def pattern(con: duckdb.DuckDBPyConnection, **where: Any) -> Row:
    asked = {"subject": "maths", "measure": "at_expected", "grouped_by": "school"} | where
    (found,) = patterns(con, **asked)
    return found


def gap(con: duckdb.DuckDBPyConnection, grouped_by: str, measure: str = "at_expected") -> Row:
    (found,) = rows_of(
        con,
        f"from progress.gap where grouped_by = '{grouped_by}' and measure = '{measure}' "
        f"and subject = 'maths'",
    )
    return found


# Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3; 95 %.
WILSON = {
    (81, 263): (0.2553, 0.3662),
    (15, 148): (0.0624, 0.1605),
    (0, 20): (0.0000, 0.1611),
    (1, 29): (0.0061, 0.1718),
}
# Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10; 95 %.
NEWCOMBE = {
    ((56, 70), (48, 80)): (0.0524, 0.3339),
    ((9, 10), (3, 10)): (0.1705, 0.8090),
    ((5, 56), (0, 29)): (-0.0381, 0.1926),
    ((0, 10), (0, 20)): (-0.1611, 0.2775),
    ((0, 10), (0, 10)): (-0.2775, 0.2775),
    ((10, 10), (0, 20)): (0.6791, 1.0000),
    ((10, 10), (0, 10)): (0.6075, 1.0000),
}


@pytest.mark.parametrize(("counts", "limits"), WILSON.items())
def test_a_share_has_the_published_wilson_interval(
    house: House, counts: tuple[int, int], limits: tuple[float, float]
) -> None:
    found = pattern(at(house, counts))
    assert (found["pupils"], found["known"]) == counts
    assert found["share"] == pytest.approx(counts[0] / counts[1])
    assert (found["lowest"], found["highest"]) == pytest.approx(limits, abs=5e-5)


def test_all_of_a_group_leaves_the_interval_at_one(house: House) -> None:
    found = pattern(at(house, (20, 20)))
    assert (found["lowest"], found["highest"]) == pytest.approx((1 - 0.1611, 1), abs=5e-5)
    assert found["highest"] <= 1


@pytest.mark.parametrize(("counts", "limits"), NEWCOMBE.items())
def test_a_gap_has_the_published_interval_of_newcombe(
    house: House, counts: tuple[tuple[int, int], ...], limits: tuple[float, float]
) -> None:
    con = at(house, *counts, pupil_premium=(True, False), sex=("F", "M"))
    for grouped_by in ("pupil_premium", "sex"):
        found = gap(con, grouped_by)
        (a, m), (b, n) = counts
        assert found["difference"] == pytest.approx(a / m - b / n)
        assert (found["lowest"], found["highest"]) == pytest.approx(limits, abs=5e-5)
    under = gap(con, "sex", "underachieving")
    assert (-under["highest"], -under["lowest"]) == pytest.approx(limits, abs=5e-5)


def test_any_special_need_is_compared_with_none(house: House) -> None:
    con = at(house, (3, 6), (5, 6), (9, 10), (2, 2), sen=("K", "E", "N", None))
    found = gap(con, "sen")
    assert (found["known"], found["other_known"]) == (12, 10)
    assert found["difference"] == pytest.approx(8 / 12 - 9 / 10)
    by_provision = patterns(con, grouped_by="sen_provision", measure="at_expected", subject="maths")
    assert {r["group_value"]: (r["pupils"], r["known"]) for r in by_provision} == {
        "plan": (5, 6), "support": (3, 6), "no": (9, 10), "not_recorded": (2, 2),
    }  # fmt: skip


def test_under_ten_pupils_have_counts_and_neither_share_nor_interval(house: House) -> None:
    con = at(house, (7, 9), (7, 10), eal=(True, False))
    few, enough = patterns(con, grouped_by="eal", subject="maths", measure="at_expected")[::-1]
    assert (few["pupils"], few["known"], few["share"]) == (7, 9, None)
    assert (few["lowest"], few["highest"]) == (None, None)
    assert enough["share"] == pytest.approx(0.7)
    found = gap(con, "eal")
    assert (found["difference"], found["lowest"], found["highest"]) == (None, None, None)


def test_one_pupil_alone_is_counted(house: House) -> None:
    con = at(house, (1, 1))
    found = pattern(con)
    assert (found["due"], found["known"], found["pupils"], found["share"]) == (1, 1, 1, None)
    assert not rows_of(con, "from progress.gap")


def test_nobody_makes_no_group(house: House) -> None:
    con = flagged(house, [on_roll(1, year_group="N1")], [])
    assert not rows_of(con, "from progress.pattern") and not rows_of(con, "from progress.gap")


def test_who_is_missing_or_on_own_steps_is_counted_apart(house: House) -> None:
    roll = [on_roll(p, expectation="own" if p == 5 else None) for p in range(1, 6)]
    results = [result(1, "EXS"), result(2, "WTS"), result(3, None), result(5, "PK3")]
    found = pattern(flagged(house, roll, results))
    told = ("due", "known", "own_steps_pupils", "missing", "pupils")
    assert [found[name] for name in told] == [5, 2, 1, 2, 1]


def test_subjects_together_count_only_whom_each_is_known_of(house: House) -> None:
    outcomes = [
        ("EXS", "GDS", "EXS"), ("GDS", "GDS", "GDS"), ("WTS", "EXS", "EXS"),
        ("WTS", "WTS", None), ("EXS", "EXS", "EXP"), (None, None, None),
    ]  # fmt: skip
    results = [
        result(pupil, outcome, subject=subject, outcome_on_scale=outcome not in (None, "EXP"))
        for pupil, of_pupil in enumerate(outcomes, start=1)
        for subject, outcome in zip(("maths", "reading", "writing"), of_pupil, strict=True)
    ]
    con = flagged(house, [on_roll(p) for p in range(1, 7)], results)
    expected = pattern(con, subject=TOGETHER)
    assert [expected[n] for n in ("due", "known", "missing", "pupils")] == [6, 3, 3, 2]
    higher = pattern(con, subject=TOGETHER, measure="at_higher")
    assert [higher[n] for n in ("known", "pupils")] == [3, 1]
    assert not patterns(con, subject=TOGETHER, measure="underachieving")


def test_the_higher_standard_is_known_only_where_the_scale_names_one(house: House) -> None:
    results = [result(1, "GDS"), result(2, "EXS"), result(3, "5a", scale="nc-level")]
    found = pattern(flagged(house, [on_roll(p) for p in (1, 2, 3)], results), measure="at_higher")
    assert [found[n] for n in ("due", "known", "missing", "pupils")] == [3, 2, 1, 1]


def test_every_grouping_adds_up_to_the_pupils_due(house: House) -> None:
    roll, results = a_partnership()
    con = flagged(house, roll, results)
    sums = rows_of(
        con,
        "select school_id, term_no, subject, measure, grouped_by, sum(due) as due, "
        "sum(known) as known, sum(pupils) as pupils, sum(own_steps_pupils + missing) as rest "
        "from progress.pattern group by all",
    )
    by_key: dict[tuple[Any, ...], set[tuple[int, ...]]] = {}
    for row in sums:
        key = (row["school_id"], row["term_no"], row["subject"], row["measure"])
        by_key.setdefault(key, set()).add((row["due"], row["known"], row["pupils"], row["rest"]))
        assert row["due"] == row["known"] + row["rest"]
    assert len(by_key) == 2 * 3 * (3 * 3 + 2) and all(len(v) == 1 for v in by_key.values())
    due = rows_of(
        con, "select school_id, term_no, subject, count(*) as due from progress.status group by all"
    )
    for row in due:
        (only,) = by_key[row["school_id"], row["term_no"], row["subject"], "at_expected"]
        assert only[0] == row["due"]


def a_partnership() -> tuple[list[Row], list[Row]]:
    """Three terms of two schools with every value of every group."""
    roll, results = [], []
    for pupil in range(1, 61):
        school = MARROWBY if pupil % 3 else THORNLOW
        for term_no in (AUTUMN, SPRING, SUMMER):
            roll.append(
                on_roll(
                    pupil,
                    term_no,
                    str(1 + pupil % 6),
                    school_id=school,
                    class_name=("Kestrel", None, "5")[pupil % 3],
                    expectation="own" if pupil % 13 == 0 else None,
                    sex=("F", "M", None)[pupil % 3],
                    pupil_premium=(True, False, None)[pupil % 4 % 3],
                    sen=("N", "K", "E", None)[pupil % 4],
                    eal=(True, False, None)[pupil % 5 % 3],
                )
            )
            for at_subject, subject in enumerate(("maths", "reading", "writing")):
                outcome = ("EXS", "WTS", "GDS", None, "BLW")[(pupil + term_no + at_subject) % 5]
                if (pupil + at_subject) % 11:
                    results.append(
                        result(pupil, outcome, term_no, school_id=school, subject=subject)
                    )
    return roll, results


def test_the_views_have_the_columns_and_types_that_are_described(house: House) -> None:
    con = at(house, (1, 1))
    for name in ("progress.pattern", "progress.gap"):
        described = [
            (c.name, *con.execute(f"select typeof(cast(null as {c.stored_type}))").fetchall()[0],
             c.comment)
            for c in tables()[name].columns
        ]  # fmt: skip
        found = con.execute(
            "select column_name, data_type, comment from duckdb_columns() "
            "where schema_name || '.' || table_name = ? order by column_index",
            [name],
        )
        assert found.fetchall() == described


def test_counts_of_small_groups_may_not_stand_in_the_evaluators_file() -> None:
    for name in ("progress.pattern", "progress.gap"):
        may_leave = {c.name for c in tables()[name].columns if c.disclosure != "internal"}
        assert may_leave <= {
            "school_id", "academic_year", "term", "term_no", "subject", "measure", "grouped_by",
        }  # fmt: skip


# from band to band


@pytest.mark.parametrize(
    ("then", "now", "bands"),
    [
        ("WTS", "EXS", ("below", "expected")),
        ("EXS", "GDS", ("expected", "higher")),
        ("GDS", "WTS", ("higher", "below")),
        ("BLW", "BLW", ("below", "below")),
        ("EXS", None, ("expected", "not_assessed")),
        (None, "EXS", (None, "expected")),
    ],
)
def test_a_pupil_moves_from_the_band_of_last_time_to_that_of_now(
    house: House, then: str | None, now: str | None, bands: tuple[str | None, str]
) -> None:
    roll = [on_roll(1, term) for term in (SPRING, SUMMER)]
    con = flagged(house, roll, [result(1, then, SPRING), result(1, now)])
    asked = f"from progress.status where subject = 'maths' and term_no = {SUMMER}"
    (found,) = rows_of(con, asked)
    assert (found["earlier_band"], found["band"]) == bands
    assert found["earlier_term_no"] == (SPRING if bands[0] else None)


def test_a_band_on_another_scale_is_assessed_differently(house: House) -> None:
    roll = [on_roll(1, term) for term in (SPRING, SUMMER)]
    results = [result(1, "5a", SPRING, scale="nc-level"), result(1, "EXS")]
    con = flagged(house, roll, results)
    (found,) = rows_of(con, f"from progress.status where subject = 'maths' and term_no = {SUMMER}")
    assert (found["earlier_band"], found["change"]) == ("other_measure", "scale_changed")
