"""Tables as they stand in a file: lines of cells, and which rows of an export stand on each."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from invention.calendar import TERMS
from invention.pupils import Pupil
from invention.schools import School

Cell = str | int | dt.date


@dataclass
class Row:
    """What a school says of a pupil: cells by standard column, and where it is once written."""

    cells: dict[str, str]
    pupil: Pupil | None = None
    year: int = 0
    # More fields than the header has, or fewer where it is negative.
    fields_too_many: int = 0
    file: str = ""
    line: int = 0


@dataclass
class Export:
    """What a school sends of one kind in a term, before it is laid out in a file."""

    school: School
    term: int
    kind: str
    rows: list[Row] = field(default_factory=list)
    newline: str = "\n"
    starts_with_bom: bool = False

    @property
    def folder(self) -> str:
        """Folder of the term below exports/."""
        return TERMS[self.term].folder


@dataclass
class Line:
    """A line of a table and the rows that stand on it; titles and headings are no data."""

    cells: Sequence[Cell]
    rows: Sequence[Row] = ()
    is_data: bool = True


@dataclass
class Table:
    """A table, in a sheet of its own where it is one of a workbook."""

    layout: str
    lines: list[Line]
    sheet: str = ""

    def tell_rows(self, path: str, at: Iterable[int]) -> None:
        """Tell each row in which file, as the run names it, and on which line it starts."""
        for number, line in zip(at, self.lines, strict=True):
            for row in line.rows:
                row.file = f"{path} [{self.sheet}]" if self.sheet else path
                row.line = number


def title(*cells: Cell) -> Line:
    """A line above the data: a title, or headings."""
    return Line(cells, is_data=False)


def by_pupil(rows: Iterable[Row]) -> list[dict[str, Row]]:
    """Rows that follow each other, one group a pupil, by subject.

    A pupil with two rows of a subject has two groups: the school has listed the pupil twice.
    """
    groups: list[dict[str, Row]] = []
    for row in rows:
        subject = row.cells["subject"]
        last = next(iter(groups[-1].values())) if groups else None
        if last is None or last.pupil is not row.pupil or subject in groups[-1]:
            groups.append({})
        groups[-1][subject] = row
    return groups


def day_of(cell: str) -> dt.date | None:
    """The day that a cell means, in either of the forms that the schools use."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(cell, form).date()
        except ValueError:
            continue
    return None


def as_text(
    table: Table,
    path: str,
    *,
    delimiter: str = ",",
    newline: str = "\n",
    encoding: str = "utf-8",
) -> bytes:
    """A text file; also tells each row on which physical line it starts (the first line is 1)."""
    parts, starts, line = [], [], 1
    for one in table.lines:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, delimiter=delimiter, lineterminator=newline).writerow(one.cells)
        starts.append(line)
        line += buffer.getvalue().count("\n")
        parts.append(buffer.getvalue())
    table.tell_rows(path, starts)
    return "".join(parts).encode(encoding)
