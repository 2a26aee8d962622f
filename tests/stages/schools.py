"""Invented schools with as many pupils as a test wants, and changes to some of them."""

import copy
from typing import Any

from tests.conftest import a_upn, csv_of

SUBJECTS = ("maths", "reading", "writing")
Row = dict[str, Any]


def roll_of(school: int, pupils: int, term: str = "autumn") -> list[Row]:
    """A roll of pupils 1 to `pupils` of Year 3, in a class of their own."""
    return [_who(school, number, term) for number in range(1, pupils + 1)]


def results_of(school: int, pupils: int, term: str = "autumn") -> list[Row]:
    """A result in each subject for each of them, in the order of the pupils."""
    return [
        _who(school, number, term) | {"subject": subject, "scale": "ta", "outcome": "EXS"}
        for number in range(1, pupils + 1)
        for subject in SUBJECTS
    ]


def files_of(
    school: int, roll: list[Row], results: list[Row], name: str = "1"
) -> dict[str, str | bytes]:
    """Both as exports of the school."""
    return {
        f"{school}/{name} results.csv": csv_of(results),
        f"{school}/{name} roll.csv": csv_of(roll),
    }


def changed(rows: list[Row], *numbers: int, **values: Any) -> list[Row]:
    """Copies of rows, those of the pupils with these numbers changed; numbers begin with 1."""
    found = copy.deepcopy(rows)
    for row in found:
        if int(row["admission_number"]) in numbers:
            row |= values
    return found


def _who(school: int, number: int, term: str) -> Row:
    return {
        "academic_year": "2025-26",
        "term": term,
        "school": str(school),
        "upn": a_upn(school % 100 * 1000 + number),
        "admission_number": f"{number:04d}",
        "surname": f"Invented-{school % 100}-{number}",
        "forename": "Ada",
        "date_of_birth": f"2018-0{number % 3 + 1}-{number % 28 + 1:02d}",
        "sex": "F",
        "year_group": "3",
        "class_name": "Kestrel",
    }
