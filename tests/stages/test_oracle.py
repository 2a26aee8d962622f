"""The flags agree with a second working-out in plain Python, row by row, for every pupil."""

import datetime as dt
import math
import random
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.folder import make_folder
from pipeline.programme import Programme
from pipeline.resources import resource
from pipeline.run import run
from pipeline.settings import read_settings
from pipeline.warehouse.connection import open_warehouse
from tests.stages.oracle import Oracle, Row, Rules, key_of, read_scales
from tests.stages.progress_house import enrolled, flagged, open_house, result, rows_of

SHIPPED = resource("data_schemas", "scales")
FIRST = 3 * 2024
SCHOOLS = (990001, 990002, 990003, 990004)
SETTINGS = """
expected_standard_score = 91
norm_minimum_pupils = 5
[[due]]
year_groups = ["1", "2", "5", "6"]
subjects = ["maths", "reading"]
[[due]]
year_groups = ["1", "2", "5", "6"]
subjects = ["writing"]
terms = ["summer"]
[[due]]
year_groups = ["6"]
subjects = ["reading"]
terms = ["spring"]
kind = "test"
[[school]]
urn = 990002
meaning = { ta = "end_of_key_stage" }
[[school]]
urn = 990003
meaning = { nc-level = "end_of_key_stage", made-up-steps = "this_point_in_year" }
[[paper]]
scale = "standardised"
reliability = 0.88
[[paper]]
scale = "standardised"
assessment = "Marrow Maths"
subject = "maths"
expected_score = 95
standard_error = 4
[[paper]]
scale = "standardised"
assessment = "Marrow Reading"
term = "summer"
year_group = "5"
reliability = 0.95
[[paper]]
scale = "scaled"
assessment = "Mock  KS2"
term = "spring"
expected_score = 97
standard_error = 3
[[paper]]
scale = "scaled"
term = "summer"
expected_score = 98
[[paper]]
scale = "standardised"
assessment = "Hedge Test"
bands = "NFER"
[[paper]]
scale = "phonics"
year_group = "1"
term = "summer"
academic_year = "2024-25"
expected_score = 31
[[paper]]
scale = "raw"
assessment = "Big Paper"
reliability = 0.9
"""
STEPS = """
scale = "made-up-steps"
title = "Made-up steps"
kind = "ladder"
assessment_kind = "teacher"
climbs = true
outcomes = [
  { outcome = "Step 1", points = 1 },
  { outcome = "Step 1 high", points = 1.5, also = ["1+"] },
  { outcome = "Step 2", points = 2 },
  { outcome = "Step 3", points = 4 },
  { outcome = "Step 4", points = 7 },
]
higher = "Step 4"
too_low_for_points = ["Not yet"]
[no_result]
A = "absent"
[expected]
"1" = { autumn = "Step 1", spring = "Step 1", summer = "Step 1 high" }
"2" = { autumn = "Step 2", spring = "Step 2", summer = "Step 2" }
"3" = { autumn = "Step 2", spring = "Step 2", summer = "Step 2" }
"4" = { autumn = "Step 2", spring = "Step 2", summer = "Step 3" }
"5" = { autumn = "Step 3", spring = "Step 3", summer = "Step 3" }
"6" = { autumn = "Step 3", spring = "Step 4", summer = "Step 4" }
"""
OUTCOMES = {
    "ta": ["PK4", "PKG", "WTS", "WTS", "EXS", "EXS", "EXS", "GDS", "BLW", "EM", "HNM", "EXP"],
    "nc-level": [
        "W",
        "1c",
        "1a",
        "2b",
        "2a",
        "3b",
        "3a",
        "4c",
        "4b",
        "5b",
        "B",
        "P8",
        "P8",
        "P7",
        "P5",
        "2d",
    ],
    "made-up-steps": ["Step 1", "Step 1 high", "Step 2", "Step 3", "Step 4", "Not yet"],
}
PAPERS = {
    "standardised": ["", "Marrow Maths", "marrow maths", "Marrow Reading", "Hedge Test"],
    "scaled": ["", "KS2", "key stage 2", "KS1 test", "Mock KS2", "KS2 practice"],
    "raw": ["", "", "Big Paper", "big paper", "BIG paper", "MTC"],
    "phonics": ["", "Phonics"],
    "mtc": ["", "MTC"],
}
TARGETS = {
    "ta": ["EXS", "gds", "PK 6", "BLW", "better"],
    "nc-level": ["2B", "4", "3a"],
    "made-up-steps": ["Step 2", "step1high", "1+", "Step 4"],
    "standardised": ["95", "100", "1000", "a hundred"],
    "scaled": ["100", "B"],
    "raw": ["30"],
    "phonics": ["32", "40"],
    "mtc": ["25"],
}
NOT_ON_SCALE = {"EXP", "2d", "31/50", "170"}


def invented_outcome(dice: random.Random, scale: str) -> str | None:
    if dice.random() < 0.08:
        return None
    if scale in OUTCOMES:
        return dice.choice(OUTCOMES[scale])
    if dice.random() < 0.03:
        odd = {"standardised": "170", "raw": "31/50", "phonics": "41", "mtc": "B"}
        return odd.get(scale) or dice.choice(["B", "AS", "NS"])
    centre, spread = {"standardised": (96, 14), "scaled": (101, 8), "raw": (20, 8),
                      "phonics": (31, 5), "mtc": (19, 4)}[scale]  # fmt: skip
    return str(max(0, round(dice.gauss(centre, spread))))


def on_scale(scale: str, outcome: str | None) -> bool | None:
    if outcome is None:
        return None
    low, high = {"scaled": (80, 120), "phonics": (0, 40), "mtc": (0, 25)}.get(scale, (0, 999))
    in_range = not outcome.isdigit() or low <= int(outcome) <= high
    return outcome not in NOT_ON_SCALE and in_range


def invented_results(dice: random.Random, e: Row, schools: list[int]) -> list[Row]:
    found = []
    # Most pupils stay on one scale from term to term, so that there is progress to judge.
    every = [*OUTCOMES, *PAPERS]
    main = every[e["pupil_id"] % len(every)] if dice.random() < 0.85 else dice.choice(every)
    for subject in ("maths", "reading", "writing"):
        for _ in range(dice.choice([0, 1, 1, 1, 2, 2, 3])):
            scale = main if dice.random() < 0.8 else dice.choice([*OUTCOMES, *PAPERS])
            outcome = invented_outcome(dice, scale)
            day = dt.date(2020, 1, 1) + dt.timedelta(days=dice.randint(1, 3))
            found.append(
                result(
                    e["pupil_id"],
                    outcome,
                    e["term_no"],
                    school_id=dice.choice(schools),
                    subject=subject,
                    scale=scale,
                    assessment=dice.choice(PAPERS.get(scale, ["", "Drop"])),
                    assessment_kind=dice.choice(["teacher", "test"]),
                    assessment_date=dice.choice([None, day]),
                    outcome_on_scale=on_scale(scale, outcome),
                    target=dice.choice([None, *TARGETS[scale]]),
                    target_term=dice.choice([None, "autumn", "spring", "summer"]),
                    file_id=dice.randint(2, 4),
                )
            )
    return found


def invented_partnership(seed: int, pupils: int) -> tuple[list[Row], list[Row]]:
    """Seven terms of four schools in which everything happens that may happen."""
    dice = random.Random(seed)
    enrolments, results = [], []
    for pupil in range(1, pupils + 1):
        school, start = dice.choice(SCHOOLS), dice.choice([0, 1, 4, 5])
        for term_no in range(FIRST, FIRST + 7):
            if dice.random() < 0.1:
                continue
            schools = [school]
            if dice.random() < 0.08:
                school = dice.choice(SCHOOLS)
                schools = [*{school, *schools}]
            year = ("R", "1", "2", "4", "5", "6", "7")[min(start + (term_no - FIRST) // 3, 6)]
            e = enrolled(
                pupil,
                term_no,
                year,
                school_id=school,
                entry_date=dice.choice(
                    [None, dt.date(2023, 9, 4), dt.date(2024, 8, 31), dt.date(2025, 4, 16)]
                ),
                english_proficiency=dice.choice([None, "A", "C"]),
                expectation="own" if pupil % 7 == 0 else None,
                on_roll=dice.random() < 0.97,
            )
            enrolments.append(e)
            for other in schools:
                if other != school and dice.random() < 0.5:
                    left = {"school_id": other, "on_roll": False, "year_group": "6"}
                    enrolments.append(e | left)
            results += invented_results(dice, e, schools)
    for line, r in enumerate(results, start=2):
        r["line"] = line
    return enrolments, numbered(results)


def numbered(results: list[Row]) -> list[Row]:
    """The same results with their attempts: 1, 2, … by date, then line."""
    so_far: dict[tuple[Any, ...], int] = {}
    for r in sorted(results, key=lambda r: (r["assessment_date"] or dt.date.max, r["line"])):
        same = key_of(r | {"attempt": 0})
        so_far[same] = r["attempt"] = so_far.get(same, 0) + 1
    return results


def rules_of(programme: Programme) -> Rules:
    """The settings of a programme as the oracle takes them."""
    values = tomllib.loads(programme.settings_file.read_text(encoding="utf-8"))
    settings = read_settings(programme.settings_file)
    due = {
        (year, subject, term): d.kind
        for d in settings.due
        for year in d.year_groups
        for subject in d.subjects or settings.subjects
        for term in d.terms
    }
    return Rules(
        due=due,
        rings=settings.rings,
        standard_score=values.get("expected_standard_score", 90),
        norm_minimum=values.get("norm_minimum_pupils", 30),
        papers=[as_told(p) for p in values.get("paper", [])],
        noise_factor=settings.noise_factor,
        noise_steps=settings.noise_steps,
        few_outcomes=settings.few_outcomes,
        settling_terms=settings.settling_terms,
        venn_basis=settings.venn_basis,
        meaning={
            (s["urn"], scale): meaning
            for s in values.get("school", [])
            for scale, meaning in s.get("meaning", {}).items()
        },
    )


def as_told(paper: Row) -> Row:
    """A paper of the settings with the line of its publisher's bands: NFER's "in line" is 95."""
    told = dict(paper)
    if told.pop("bands", None) == "NFER":
        told["expected_score"] = 95
    if "academic_year" in told:
        told["academic_year"] = [told["academic_year"]]
    return told


def values_of(names: tuple[str, ...], row: Row) -> tuple[Any, ...]:
    return tuple(row[n] for n in names)


def same(told: Any, expected: Any) -> bool:
    if isinstance(told, float) and isinstance(expected, int | float):
        return math.isclose(told, expected, rel_tol=1e-9, abs_tol=1e-9)
    return bool(told == expected)


def compare(con: duckdb.DuckDBPyConnection, programme: Programme, *own: Path) -> Oracle:
    """Every row and column of what the program says beside what the oracle says."""
    oracle = Oracle(
        rules_of(programme),
        read_scales(SHIPPED, *own),
        rows_of(con, "select * from core.enrolment"),
        rows_of(con, "select * from core.result"),
    )
    place = ("pupil_id", "term_no", "subject")
    pairs: list[tuple[str, Any, list[Row], dict[Any, Row]]] = [
        ("attainment", key_of, rows_of(con, "from progress.attainment"), oracle.attainment),
        *(
            (
                name,
                partial(values_of, names),
                rows_of(con, f"from progress.{name}"),
                told,
            )
            for name, names, told in (
                ("status", place, oracle.status),
                ("flag", (*place, "reason"), oracle.flag),
            )
        ),
        (
            "venn",
            lambda r: (r["pupil_id"], r["term_no"]),
            rows_of(con, "from progress.venn"),
            oracle.venn,
        ),
    ]
    for name, key, told, expected in pairs:
        assert {key(r) for r in told} == set(expected), name
        assert len(told) == len(expected), name
        for r in told:
            for column, value in expected[key(r)].items():
                if column in r:
                    assert same(r[column], value), (name, column, r, expected[key(r)])
    return oracle


OTHER_THRESHOLDS = """venn_basis = "both"
noise_factor = 1.2
noise_steps = 1
few_outcomes = 9
settling_terms = 1
"""
PROGRESS_ONLY = 'venn_basis = "progress"\nsettling_terms = 0\n'


@pytest.mark.parametrize(
    ("seed", "settings"), [(1, ""), (2, OTHER_THRESHOLDS), (3, PROGRESS_ONLY), (4, "")]
)
def test_flags_of_invented_schools_are_those_of_the_oracle(
    tmp_path: Path, seed: int, settings: str
) -> None:
    enrolments, results = invented_partnership(seed, 320)
    with open_house(tmp_path) as house:
        con = flagged(house, enrolments, results, settings + SETTINGS, {"made-up-steps": STEPS})
        oracle = compare(con, house.programme, tmp_path / "scales")
    changes = {s["change"] for s in oracle.status.values()}
    assert changes == {
        "first_seen", "new", "continuing", "recovered", "on_track", "not_seen", "no_result",
        "scale_changed",
    }  # fmt: skip
    bands = {(reason, f["certainty_band"]) for (*_, reason), f in oracle.flag.items()}
    assert bands >= {
        ("below", "clear"), ("below", "borderline"), ("slow", "clear"), ("drop", "clear"),
        ("off_target", "clear"), ("off_target", "borderline"),
    }  # fmt: skip
    assert {s["progress_status"] for s in oracle.status.values()} == {
        "enough", "too_little", "not_known",
    }  # fmt: skip
    assert any(s["own_steps"] and s["status"] == "on_track" for s in oracle.status.values())
    assert any(s["own_steps"] and s["reasons"] for s in oracle.status.values())
    assert any(a["norm_pupils"] and a["points"] for a in oracle.attainment.values())
    if not settings:
        assert any(v["carried"] and v["region"] for v in oracle.venn.values())


def test_flags_of_the_sample_partnership_are_those_of_the_oracle(tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    make_folder(folder, sample=True)
    programme = Programme(folder)
    run(programme, ("ingest", "flag"))
    programme.private.mkdir()
    with open_warehouse(programme, read_only=True) as con:
        oracle = compare(con, programme)
    assert len(oracle.status) > 15_000
