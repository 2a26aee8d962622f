"""What a pupil is given for a subject in a term, on the scale that the school uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from invention.calendar import KS2_TESTS, TERMS
from invention.chance import Chance
from invention.pupils import SUBJECTS, Pupil
from invention.schools import School

LEVELS = tuple(f"{level}{third}" for level in range(1, 7) for third in "cba")
# The points that the scale nc-level expects of Years 1 to 6 in autumn, spring and summer.
LEVEL_POINTS = (
    *((7, 9, 11), (11, 13, 15), (15, 17, 17), (19, 19, 21), (21, 23, 23), (25, 25, 27)),
)


@dataclass(frozen=True)
class Outcome:
    """A line of a results export, apart from who it is about."""

    subject: str
    scale: str
    outcome: str
    assessment: str
    kind: str
    assessed: dt.date
    target: str = ""


def outcomes(chance: Chance, pupil: Pupil, school: School, term: int) -> Iterator[Outcome]:
    """What the school sends about a pupil (Years 1 to 6) in a term."""
    year, name = pupil.year(term), TERMS[term].name
    assessed = TERMS[term].assessed
    for subject in SUBJECTS:
        standing = pupil.standing(subject, term)
        if school.sits_ks2 and year == 6 and name == "summer" and subject != "writing":
            score = _or_none(chance, pupil, ks2_score(chance, standing), disapplied="")
            yield Outcome(subject, "scaled", score, "KS2", "test", KS2_TESTS[term])
            continue
        if school.reports.startswith("ta"):
            outcome = _or_none(chance, pupil, teacher_assessment(chance, standing, year))
            yield Outcome(subject, "ta", outcome, "Data drop", "teacher", assessed)
        elif school.reports == "nc-level":
            level = _or_none(chance, pupil, level_of(chance, standing, year, term % 3))
            target = level_of(chance, standing + 0.3, year, 2)
            yield Outcome(subject, "nc-level", level, "", "teacher", assessed, target)
        elif school.reports == "standardised" and subject != "writing":
            score = _or_none(chance, pupil, standardised(chance, standing))
            series = f"Invented Test Series {name}"
            yield Outcome(subject, "standardised", score, series, "test", assessed)
        else:
            mark = _or_none(chance, pupil, raw_mark(chance, standing, year))
            paper = f"Invented Progress Paper {name}"
            yield Outcome(subject, "raw", mark, paper, "test", assessed)


def test_outcomes(chance: Chance, pupil: Pupil, term: int) -> Iterator[Outcome]:
    """The tests that a school sits beside its teacher assessment: maths and reading."""
    if pupil.year(term) == 6 and TERMS[term].name == "summer":
        return
    assessed = TERMS[term].assessed - dt.timedelta(days=9)
    for subject in ("maths", "reading"):
        score = _or_none(chance, pupil, standardised(chance, pupil.standing(subject, term)))
        series = f"Invented Test Series {TERMS[term].name}"
        yield Outcome(subject, "standardised", score, series, "test", assessed)


def teacher_assessment(chance: Chance, standing: float, year: int) -> str:
    """WTS, EXS or GDS, or how far under them."""
    value = standing + 0.12 * chance.normal()
    if value >= -1.9:
        return "GDS" if value >= 1.2 else "EXS" if value >= -0.85 else "WTS"
    if value < -3.3:
        return chance.one_of(("BLW", "EM"))
    steps = 4 if year <= 2 else 6
    return f"PK{max(1, steps - int((-1.9 - value) / 0.3))}"


def level_of(chance: Chance, standing: float, year: int, third: int) -> str:
    """National curriculum level; a standard deviation is about a level and a third."""
    points = LEVEL_POINTS[year - 1][third] + 2.4 + 2.6 * standing + 0.3 * chance.normal()
    if points < 7:
        return "W"
    return LEVELS[min(len(LEVELS) - 1, int((points - 7) / 2))]


def standardised(chance: Chance, standing: float) -> str:
    """Standardised score, mean 100, SD 15, with a standard error of 4.5."""
    score = 100 + 13.5 * standing + 4.5 * chance.normal()
    return str(min(140, max(70, round(score))))


def ks2_score(chance: Chance, standing: float) -> str:
    """Scaled score from 80 to 120; B below the standard of the test."""
    if standing < -2.3:
        return "B"
    return str(min(120, max(80, round(104.5 + 6.5 * standing + 1.5 * chance.normal()))))


def raw_mark(chance: Chance, standing: float, year: int) -> str:
    """Marks out of 50."""
    return str(min(50, max(0, round(26 + year / 2 + 8.5 * standing + 2.2 * chance.normal()))))


def _or_none(chance: Chance, pupil: Pupil, outcome: str, disapplied: str = "D") -> str:
    """The outcome, or now and then a code or a blank in its place."""
    if pupil.groups["expectation"] and disapplied and chance.happens(0.04):
        return disapplied
    draw = chance.number()
    return "A" if draw < 0.012 else "" if draw < 0.018 else outcome
