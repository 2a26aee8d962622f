"""Intervals and bands beside those that the DfE published (sample_data/dfe)."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipeline.progress.value_added import judged_means, read_value_added

DFE = Path(__file__).resolve().parents[2] / "sample_data" / "dfe"
DATA = read_value_added()
SUBJECTS = {"reading": "READ", "writing": "WRIT", "maths": "MAT"}
YEAR, AUTHORITY = "2018-19", "3"


def published(name: str) -> list[dict[str, str]]:
    with gzip.open(DFE / name, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ENGLAND = published("ks2_england_2019_progress.csv.gz")
TWO_AUTHORITIES = published("ks2_hampshire_surrey_2017_2019.csv.gz")


def number(text: str) -> float | None:
    """A published figure; None for SUPP, LOWCOV and blank."""
    try:
        return float(text.removesuffix("%"))
    except ValueError:
        return None


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


def in_measure(row: dict[str, str], subject: str) -> int:
    """Pupils in the measure: those at the end of the key stage times the coverage, a whole %."""
    code = SUBJECTS[subject]
    return round(float(row["TELIG"]) * float(row[f"{code}COV"].removesuffix("%")) / 100)


def with_figures(subject: str) -> list[dict[str, Any]]:
    """Schools of 2018/19 in the two authorities whose score and limits are published."""
    code = SUBJECTS[subject]
    found = []
    for row in TWO_AUTHORITIES:
        told = [number(row[code + part]) for part in ("PROG", "PROG_LOWER", "PROG_UPPER")]
        if row["ACADEMIC_YEAR"] == YEAR and row["RECTYPE"] != AUTHORITY and None not in told:
            found.append(
                {
                    "school_id": int(row["URN"]), "subject": subject,
                    "pupils": in_measure(row, subject), "pupils_at_end": int(row["TELIG"]),
                    "progress": told[0], "lower": told[1], "upper": told[2],
                    "band": row[f"{code}PROG_DESCR"], "special": row["RECTYPE"] == "2",
                }
            )  # fmt: skip
    return found


def computed(con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> dict[int, Any]:
    means = [{k: r[k] for k in ("school_id", "subject", "pupils", "progress")} for r in rows]
    found = judged_means(con, pa.Table.from_pylist(means), YEAR, DATA).to_pylist()
    return {r["school_id"]: r for r in found}


def test_england_has_16355_schools() -> None:
    assert len(ENGLAND) == 16_355


@pytest.mark.parametrize(
    ("subject", "banded", "unbanded"),
    [("reading", 15_217, 130), ("writing", 15_244, 131), ("maths", 15_217, 129)],
)
def test_every_band_published_in_england_fits_the_cut_points(
    subject: str, banded: int, unbanded: int
) -> None:
    """Pupil numbers are not in this file, so a band says which side of its cut a score is on."""
    code, measure = SUBJECTS[subject], DATA.measure_of(YEAR, subject)
    assert measure and measure.well_above_from and measure.well_below_to
    fits = {
        "1": lambda p: p >= measure.well_above_from,
        "2": lambda p: 0 < p < measure.well_above_from,
        "3": lambda p: True,
        "4": lambda p: measure.well_below_to < p < 0,
        "5": lambda p: p <= measure.well_below_to,
    }
    scored = [(p, row[f"{code}PROG_DESCR"]) for row in ENGLAND
              if (p := number(row[f"{code}PROG"])) is not None]  # fmt: skip
    assert [s for s in scored if s[1] in fits and not fits[s[1]](s[0])] == []
    counted = Counter(band in fits for _, band in scored)
    assert (counted[True], counted[False]) == (banded, unbanded)
    # The cut points are the very scores at which the published bands begin.
    assert min(p for p, band in scored if band == "1") == measure.well_above_from
    assert max(p for p, band in scored if band == "5") == measure.well_below_to


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_interval_of_hampshire_and_surrey_is_within_what_rounding_explains(
    con: duckdb.DuckDBPyConnection, subject: str
) -> None:
    """The score is published to 0.1 and the share of pupils in the measure to 1 %."""
    rows = with_figures(subject)
    ours = computed(con, rows)
    assert len(rows) == 545
    for row in rows:
        found = ours[row["school_id"]]
        off = max(
            abs(found["lower_limit"] - row["lower"]), abs(found["upper_limit"] - row["upper"])
        )
        # Half a unit of the score and of the limit, and half a per cent of the pupils.
        half = found["upper_limit"] - found["progress"]
        fewest = max(1.0, row["pupils"] - 0.005 * row["pupils_at_end"] - 1)
        allowed = 0.1 + half * ((row["pupils"] / fewest) ** 0.5 - 1) + 1e-9
        assert off <= allowed, row["school_id"]


@pytest.mark.parametrize(("subject", "same"), [("reading", 538), ("writing", 541), ("maths", 537)])
def test_bands_of_hampshire_and_surrey_agree_but_where_a_limit_is_nought_within_rounding(
    con: duckdb.DuckDBPyConnection, subject: str, same: int
) -> None:
    """Of 545: the others are one special school without a band, and schools with a limit at 0."""
    rows = with_figures(subject)
    ours = computed(con, rows)
    other = [r for r in rows if str(ours[r["school_id"]]["band"]) != r["band"]]
    assert len(rows) - len(other) == same
    special = [r for r in other if not r["band"]]
    assert [r["special"] for r in special] == [True]
    for row in (r for r in other if r["band"]):
        assert min(abs(row["lower"]), abs(row["upper"])) <= 0.1
        assert abs(ours[row["school_id"]]["band"] - int(row["band"])) in (1, 2)


def test_a_school_is_average_wherever_a_published_limit_is_nought() -> None:
    """45 limits of 0.0 in 2018/19: so the DfE judges limits as it rounds them."""
    bands = [r["band"] for s in SUBJECTS for r in with_figures(s) if 0 in (r["lower"], r["upper"])]
    assert bands == ["3"] * 45


@pytest.mark.parametrize("subject", SUBJECTS)
def test_published_limits_and_cut_points_give_every_published_band(subject: str) -> None:
    measure = DATA.measure_of(YEAR, subject)
    assert measure and measure.well_above_from and measure.well_below_to
    for row in (r for r in with_figures(subject) if r["band"]):
        if row["lower"] > 0:
            band = "1" if row["progress"] >= measure.well_above_from else "2"
        elif row["upper"] < 0:
            band = "5" if row["progress"] <= measure.well_below_to else "4"
        else:
            band = "3"
        assert band == row["band"], row["school_id"]


def mean_of_schools(rows: list[dict[str, str]], subject: str) -> tuple[float, float]:
    """Mean over the schools' pupils, and twice the error that rounding of their scores gives it."""
    code = SUBJECTS[subject]
    schools = [
        r for r in rows if r["RECTYPE"] != AUTHORITY and number(r[f"{code}PROG"]) is not None
    ]
    pupils = [in_measure(r, subject) for r in schools]
    total = sum(float(r[f"{code}PROG"]) * n for r, n in zip(schools, pupils, strict=True))
    rounding = 0.1 * (sum(n * n for n in pupils) / 12) ** 0.5
    return total / sum(pupils), 2 * rounding / sum(pupils)


def test_an_authoritys_progress_is_the_mean_over_its_schools_pupils() -> None:
    """Two authorities, three years, three subjects: 17 of 18 within 0.05."""
    off = []
    for year in ("2016-17", "2017-18", "2018-19"):
        for authority in ("850", "936"):
            rows = [
                r for r in TWO_AUTHORITIES if (r["ACADEMIC_YEAR"], r["LEA"]) == (year, authority)
            ]
            for subject, code in SUBJECTS.items():
                (told,) = [number(r[f"{code}PROG"]) for r in rows if r["RECTYPE"] == AUTHORITY]
                mean, rounding = mean_of_schools(rows, subject)
                assert told is not None
                assert mean == pytest.approx(told, abs=0.05 + rounding)
                off.append(abs(mean - told))
    assert (len(off), sum(o <= 0.05 for o in off)) == (18, 17)
    assert max(off) < 0.0503
