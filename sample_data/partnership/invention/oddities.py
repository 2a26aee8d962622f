"""What is unusual in an export and yet right: nothing of it may be counted as an error."""

from __future__ import annotations

import datetime as dt

from invention.attainment import raw_mark
from invention.calendar import TERMS
from invention.chance import Chance
from invention.exports import Files, written_day
from invention.pupils import Pupil, Registrar, Stay
from invention.schools import BY_KEY
from invention.tables import Export, Row


def one_who_moves(registrar: Registrar) -> Pupil:
    """A pupil who changes between two schools of the partnership at Christmas 2025."""
    pupil = registrar.pupil(BY_KEY["marrowby"], 2, 0, 3)
    pupil.stays[0].left = TERMS[3].ends
    new_school = BY_KEY["pebblewick"]
    number = registrar.admission_number(new_school)
    pupil.stays.append(Stay(new_school, number, 4, 5, TERMS[4].starts))
    return pupil


def twins(registrar: Registrar) -> tuple[Pupil, Pupil]:
    """Two pupils with the same surname and date of birth, who are not duplicates."""
    first, second = (registrar.pupil(BY_KEY["sallowfen"], 3, 0, 5) for _ in range(2))
    second.surname, second.born = first.surname, first.born
    first.forename, second.forename = "Olive", "Idris"
    first.sex, second.sex = "F", "M"
    return first, second


def make_odd(chance: Chance, files: Files) -> None:
    """Byte order mark, line ends, small letters, a repeated row, a blank one, a small test."""
    files["marrowby", 1, "results"].starts_with_bom = True
    files["sallowfen", 2, "roll"].newline = "\r\n"
    files["sallowfen", 2, "results"].newline = "\r\n"
    for row in files["thornlow", 4, "results"].rows:
        row.cells["outcome"] = row.cells["outcome"].lower()
    for row in files["thornlow", 1, "results"].rows[::7]:
        row.cells["outcome"] += " " if row.cells["outcome"] else ""
    for row in files["pebblewick", 1, "tests"].rows[::11]:
        if len(row.cells["outcome"]) > 1 and row.cells["outcome"] != "1010":
            row.cells["outcome"] += "*"
    repeated = files["pebblewick", 2, "results"].rows
    repeated.insert(40, Row(dict(repeated[30].cells), None, repeated[30].year))
    files["bramblecote", 0, "roll"].rows.insert(25, Row({}))
    _small_test(chance, files["sallowfen", 4, "results"])


def _small_test(chance: Chance, results: Export) -> None:
    """One class sits a test of its own, which has no name; the named paper comes later."""
    sat = dt.date(2026, 2, 6)
    for row in list(results.rows):
        mine = row.cells["class_name"] == "Kestrel" and row.cells["subject"] == "maths"
        if mine and row.pupil:
            mark = raw_mark(chance, row.pupil.standing("maths", 4), row.year)
            day = written_day(results.school, sat)
            cells = row.cells | {"assessment": "", "assessment_date": day, "outcome": mark}
            results.rows.append(Row(cells, row.pupil, row.year))


def corrected(results: Export) -> Export:
    """All of an export sent again later, a few outcomes one step higher, under a later name."""
    higher = {"WTS": "EXS", "EXS": "GDS"}
    again = Export(results.school, results.term, "results_corrected")
    for number, row in enumerate(results.rows):
        outcome = row.cells["outcome"]
        if number % 61 == 17:
            outcome = higher.get(outcome, outcome)
        again.rows.append(Row(row.cells | {"outcome": outcome}, row.pupil, row.year))
    return again


def entered_twice(registrar: Registrar) -> tuple[Pupil, Pupil]:
    """A pupil whom the office has entered twice, under two UPNs; both leave in summer 2025."""
    first, second = (registrar.pupil(BY_KEY["bramblecote"], 3, 0, 2) for _ in range(2))
    second.surname, second.forename = first.surname, first.forename
    second.born, second.sex, second.groups = first.born, first.sex, first.groups
    for pupil in (first, second):
        pupil.stays[0].left = TERMS[2].ends
        pupil.groups["expectation"] = ""
        pupil.upn = registrar.upns.permanent(2005, 2021)
    return first, second


# Excel leaves a file of this shape beside one that is open: a name and padding, 165 bytes.
EXCEL_LOCK = "2025-26-autumn/~$marrowby-results.csv"


def excel_lock_bytes() -> bytes:
    """The lock file of an invented user."""
    name = "Invented Office"
    narrow = name.encode("ascii").ljust(54, b" ")
    wide = name.ljust(55).encode("utf-16-le")
    return bytes([len(name)]) + narrow + wide
