"""The planted errors, as data: where each is, which rule finds it, and what is done to a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from invention.exports import written_day
from invention.pupils import Pupil, Registrar
from invention.schools import School
from invention.upns import LETTERS


@dataclass(frozen=True)
class Newcomer:
    """A pupil who joins Reception in this term and whose row on the roll is wrong."""

    school: str
    term: int
    rule_code: str
    what: str
    change: Callable[[Pupil, School, Registrar], dict[str, str]]
    fields_too_many: int = 0


@dataclass(frozen=True)
class WrongResult:
    """A row of results of a year and subject that is wrong."""

    school: str
    term: int
    kind: str
    year: int
    subject: str
    rule_code: str
    what: str
    change: dict[str, str]
    fields_too_many: int = 0


def _set(**cells: str) -> Callable[[Pupil, School, Registrar], dict[str, str]]:
    return lambda pupil, school, registrar: cells


def _wrong_letter(pupil: Pupil, school: School, registrar: Registrar) -> dict[str, str]:
    at = LETTERS.index(pupil.upn[0])
    return {"upn": LETTERS[(at + 5) % len(LETTERS)] + pupil.upn[1:]}


def _temporary(pupil: Pupil, school: School, registrar: Registrar) -> dict[str, str]:
    return {"upn": registrar.upns.temporary(school.laestab % 10_000, 2025)}


def _older(years: int) -> Callable[[Pupil, School, Registrar], dict[str, str]]:
    def change(pupil: Pupil, school: School, registrar: Registrar) -> dict[str, str]:
        born = dt.date(pupil.born.year - years, pupil.born.month, min(pupil.born.day, 28))
        return {"date_of_birth": written_day(school, born)}

    return change


# fmt: off
NEWCOMERS = (
    # The latest term: errors in two schools only.
    Newcomer("thornlow", 5, "upn_format", "UPN of 12 characters, the last digit lost",
             lambda pupil, school, registrar: {"upn": pupil.upn[:-1]}),
    Newcomer("sallowfen", 5, "year_group_age", "date of birth three years too early",
             _older(3)),
    Newcomer("marrowby", 5, "upn_check_letter", "check letter does not fit", _wrong_letter),
    Newcomer("marrowby", 5, "date_of_birth_missing", "no date of birth", _set(date_of_birth="")),
    Newcomer("marrowby", 5, "group_code", "sen is Q", _set(sen="Q")),
    Newcomer("thornlow", 5, "temporary_upn", "temporary UPN", _temporary),
    Newcomer("quillmere", 5, "sex_missing", "no sex", _set(sex="")),
    Newcomer("quillmere", 5, "group_code", "pupil_premium is maybe", _set(pupil_premium="maybe")),
    Newcomer("pebblewick", 5, "upn_missing", "no UPN", _set(upn="")),
    Newcomer("pebblewick", 5, "year_group_age_one", "one year older than the year group",
             _older(1)),
    Newcomer("bramblecote", 5, "class_missing", "no class", _set(class_name="")),
    Newcomer("bramblecote", 5, "temporary_upn", "temporary UPN", _temporary),
    # Earlier terms.
    Newcomer("bramblecote", 0, "row_school", "no school", _set(school="")),
    Newcomer("marrowby", 1, "row_year_group", "year group is 33", _set(year_group="33")),
    Newcomer("pebblewick", 1, "year_group_age", "date of birth four years too early", _older(4)),
    Newcomer("sallowfen", 2, "row_columns", "two fields are missing at the end of the row",
             _set(), fields_too_many=-2),
    Newcomer("quillmere", 3, "upn_format", "letter O in place of a zero in the UPN",
             lambda pupil, school, registrar: {"upn": pupil.upn[:4] + "O" + pupil.upn[5:]}),
)

WRONG_RESULTS = (
    # The latest term: errors in two schools only.
    WrongResult("sallowfen", 5, "results", 3, "maths", "row_columns",
                "one field more than the header", {}, fields_too_many=1),
    WrongResult("sallowfen", 5, "results", 4, "reading", "row_pupil",
                "neither UPN nor admission number", {"upn": "", "admission_number": ""}),
    WrongResult("sallowfen", 5, "results", 2, "maths", "row_scale",
                "scale is percent", {"scale": "percent"}),
    WrongResult("sallowfen", 5, "results", 6, "reading", "score_out_of_range",
                "scaled score 130", {"outcome": "130"}),
    WrongResult("sallowfen", 5, "results", 1, "writing", "outcome_not_on_scale",
                "mark is 31/50", {"outcome": "31/50"}),
    WrongResult("thornlow", 5, "results", 4, "writing", "outcome_not_on_scale",
                "EXP on the scale ta", {"outcome": "EXP"}),
    WrongResult("sallowfen", 5, "results", 5, "maths", "row_subject",
                "subject is phonics", {"subject": "phonics"}),
    WrongResult("pebblewick", 5, "results", 5, "writing", "date_outside_term",
                "assessment date in the spring term", {"assessment_date": "2026-03-26"}),
    # Earlier terms.
    WrongResult("marrowby", 0, "results", 3, "maths", "row_term",
                "term is Michaelmas", {"term": "Michaelmas"}),
    WrongResult("marrowby", 0, "results", 5, "reading", "row_term",
                "academic year is 2024-26", {"academic_year": "2024-26"}),
    WrongResult("marrowby", 2, "ks2", 6, "maths", "score_out_of_range",
                "scaled score 130", {"outcome": "130"}),
    WrongResult("pebblewick", 1, "tests", 3, "maths", "score_out_of_range",
                "standardised score 1010", {"outcome": "1010"}),
    WrongResult("quillmere", 2, "results", 4, "reading", "outcome_not_on_scale",
                "2d on the scale nc-level", {"outcome": "2d"}),
    WrongResult("quillmere", 4, "results", 2, "writing", "row_scale",
                "no scale of this name", {"scale": "sublevels"}),
    WrongResult("bramblecote", 3, "tests", 4, "maths", "row_school",
                "school is #N/A", {"school": "#N/A"}),
    WrongResult("bramblecote", 1, "tests", 2, "reading", "upn_format",
                "UPN shown by Excel as 8.01E+12", {"upn": "8.01E+12"}),
)
# fmt: on
