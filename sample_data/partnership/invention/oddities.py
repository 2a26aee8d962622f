"""What is unusual in an export and yet right: nothing of it may be counted as an error."""

from __future__ import annotations

import datetime as dt

from invention.attainment import raw_mark
from invention.calendar import TERMS
from invention.chance import Chance
from invention.exports import Export, Row, written_day
from invention.pupils import Pupil, Registrar, Stay
from invention.schools import BY_KEY

Files = dict[tuple[str, int, str], Export]


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
    files["thornlow", 1, "results"].starts_with_bom = True
    files["sallowfen", 2, "roll"].newline = "\r\n"
    files["sallowfen", 2, "results"].newline = "\r\n"
    for row in files["thornlow", 4, "results"].rows:
        row.cells["outcome"] = row.cells["outcome"].lower()
    repeated = files["pebblewick", 2, "results"].rows
    repeated.insert(40, Row(dict(repeated[30].cells)))
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
    """A few outcomes sent again later, one step higher, in a file that sorts after the first."""
    higher = {"WTS": "EXS", "EXS": "GDS"}
    again = Export(results.school, results.term, "results_corrected")
    for row in results.rows[17::61]:
        if row.cells["outcome"] in higher:
            cells = row.cells | {"outcome": higher[row.cells["outcome"]]}
            again.rows.append(Row(cells, row.pupil, row.year))
    return again


# Excel leaves a file of this shape beside one that is open: a name and padding, 165 bytes.
EXCEL_LOCK = "2025-26-autumn/~$marrowby-results.csv"


def excel_lock_bytes() -> bytes:
    """The lock file of an invented user."""
    name = "Invented Office"
    narrow = name.encode("ascii").ljust(54, b" ")
    wide = name.ljust(55).encode("utf-16-le")
    return bytes([len(name)]) + narrow + wide
