"""Rolls and results as each school would write them, row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from invention import names
from invention.attainment import Outcome, outcomes, test_outcomes
from invention.calendar import TERMS
from invention.chance import Chance
from invention.pupils import Pupil, Stay
from invention.schools import SCHOOLS, School, year_group
from invention.tables import Export, Row

Files = dict[tuple[str, int, str], Export]


def written_day(school: School, day: dt.date | None) -> str:
    """A day as the school writes days; blank for none."""
    return day.strftime(school.style.date_format) if day else ""


def teachers_of(chance: Chance) -> dict[tuple[str, str, int], str]:
    """Teacher by school key, class and starting year."""
    teachers = {}
    for school in SCHOOLS:
        years = range(school.youngest, 7)
        for class_name in dict.fromkeys(school.class_name(y, h) for y in years for h in (0, 1)):
            for starting_year in (2024, 2025):
                teachers[school.key, class_name, starting_year] = names.teacher(chance)
    shared = ("thornlow", "Y1/2", 2025)
    # A job share, typed into one cell with a line break.
    teachers[shared] = f"{teachers[shared]} (Mon–Wed)\n{names.teacher(chance)} (Thu, Fri)"
    return teachers


def identity(pupil: Pupil, stay: Stay, term: int) -> dict[str, str]:
    """The cells that rolls and results have in common."""
    school, style, when = stay.school, stay.school.style, TERMS[term]
    year = when.starting_year
    return {
        "academic_year": style.academic_year.format(year, year + 1, (year + 1) % 100),
        "term": when.name.capitalize() if style.capital_term else when.name,
        "school": str(school.laestab if style.by_laestab else school.urn),
        "upn": pupil.upn,
        "admission_number": stay.admission_number,
        "surname": pupil.surname,
        "forename": pupil.forename,
        "date_of_birth": written_day(school, pupil.born),
        "year_group": (
            style.year_group.format(year_group(pupil.year(term)))
            if pupil.year(term) > 0
            else year_group(pupil.year(term))
        ),
        "class_name": school.class_name(pupil.year(term), pupil.half),
    }


def roll_row(
    chance: Chance, pupil: Pupil, stay: Stay, term: int, teachers: dict[tuple[str, str, int], str]
) -> Row:
    """A pupil on a school's roll."""
    school = stay.school
    cells = identity(pupil, stay, term)
    yes, no = school.style.yes_no
    groups = {
        column: {"yes": yes, "no": no}.get(value, value) for column, value in pupil.groups.items()
    }
    attendance = min(100.0, max(52.0, pupil.attendance + 1.5 * chance.normal()))
    cells |= groups | {
        "school_name": school.name,
        "sex": pupil.sex,
        "teacher": teachers[school.key, cells["class_name"], TERMS[term].starting_year],
        "entry_date": written_day(school, stay.entered),
        "leaving_date": written_day(school, stay.left if stay.last == term else None),
        "attendance_percent": f"{attendance:.1f}",
        "enrol_status": "C",
    }
    return Row(cells, pupil, pupil.year(term))


def result_row(pupil: Pupil, stay: Stay, term: int, outcome: Outcome, teacher: str) -> Row:
    """A pupil's outcome in a subject."""
    cells = identity(pupil, stay, term) | {
        "teacher": teacher,
        "subject": outcome.subject,
        "scale": outcome.scale,
        "outcome": outcome.outcome,
        "assessment": outcome.assessment,
        "assessment_kind": outcome.kind,
        "assessment_date": written_day(stay.school, outcome.assessed),
        "target": outcome.target,
        "target_term": "summer" if outcome.target else "",
    }
    return Row(cells, pupil, pupil.year(term))


def add_exports(
    files: Files, chance: Chance, pupils: list[Pupil], teachers: dict[tuple[str, str, int], str]
) -> None:
    """Add what the schools send about pupils, by school key, term and kind."""
    for term in range(len(TERMS)):
        for school in SCHOOLS:
            for pupil, stay in _on_roll(pupils, school, term):
                roll = roll_row(chance, pupil, stay, term, teachers)
                _export(files, school, term, "roll").rows.append(roll)
                if pupil.year(term) < 1 or not stay.is_assessed(term):
                    continue
                teacher = roll.cells["teacher"]
                for outcome in outcomes(chance, pupil, school, term):
                    row = result_row(pupil, stay, term, outcome, teacher)
                    kind = _kind(school, term, pupil, outcome)
                    _export(files, school, term, kind).rows.append(row)
                if "+" in school.reports:
                    for outcome in test_outcomes(chance, pupil, term):
                        row = result_row(pupil, stay, term, outcome, teacher)
                        _export(files, school, term, "tests").rows.append(row)


def _export(files: Files, school: School, term: int, kind: str) -> Export:
    return files.setdefault((school.key, term, kind), Export(school, term, kind))


def _kind(school: School, term: int, pupil: Pupil, outcome: Outcome) -> str:
    """The file that has the outcome: the DfE's, the test publisher's or the school's own."""
    if school.ks2_from_dfe and pupil.year(term) == 6 and TERMS[term].name == "summer":
        return "ks2"
    if school.reports == "standardised" and outcome.scale == "standardised":
        return "tests"
    return "results"


def _on_roll(pupils: list[Pupil], school: School, term: int) -> Iterator[tuple[Pupil, Stay]]:
    found = [
        (pupil, stay)
        for pupil in pupils
        for stay in pupil.stays
        if stay.school is school and stay.first <= term <= stay.last
    ]
    found.sort(key=lambda one: (one[0].year(term), one[0].half, one[0].surname, one[0].forename))
    yield from found
