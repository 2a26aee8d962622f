"""The exact reader, for files whose rows are not one plain line each: slower, to the line.

Blank lines, quoted line ends and rows of the wrong length are told apart; a quotation mark that
swallows other rows refuses the file rather than hide a pupil.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from pipeline.errors import ExportRefused
from pipeline.landing.body import Body
from pipeline.landing.reading.grid import Grid

# Comes after the last line; where it is not a row of its own, a quotation mark is still open.
END = "\0end"
# As many as a cell of a spreadsheet holds. A few longer ones would take all of the memory.
LONGEST_FIELD = 32_767
# More rows of the wrong length than this, and than right ones, are no rows: another table, a text.
MOST_WRONG = 50_000


@dataclass
class ExactRows:
    """Rows of a file with the physical line on which each starts."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    blank_lines: list[int] = field(default_factory=list)
    wrong_width: list[tuple[int, int]] = field(default_factory=list)

    @property
    def rows_read(self) -> int:
        return len(self.rows) + len(self.blank_lines) + len(self.wrong_width)


def read_exactly(body: Body) -> ExactRows:
    """Read a text row by row. Raises ExportRefused where rows are swallowed by a quote."""
    found = ExactRows()
    before = body.first_line - 1
    with body.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(_with_end(islice(file, before, None)), delimiter=body.delimiter)
        start = 1
        try:
            for row in reader:
                if row == [END]:
                    break
                _take(found, row, start + before, reader.line_num + before, body)
                start = reader.line_num + 1
        except csv.Error:
            raise _too_long(start + before) from None
        physical = reader.line_num - 1
    if physical != body.scan.lines:
        raise ExportRefused(miscounted(body.scan.lines, physical))
    return found


def miscounted(counted: int, read: int) -> str:
    """What is told of a file in which a parser found other rows than were counted without it."""
    return f"{counted} lines of data were counted and {read} were read. Export it again."


def rows_of_grid(grid: Grid, width: int) -> ExactRows:
    """Rows of a sheet, told apart in the same way."""
    found = ExactRows()
    for row, line in zip(grid.rows, grid.lines, strict=True):
        _sort(found, row, line, line, width)
    return found


def _with_end(lines: Iterable[str]) -> Iterator[str]:
    yield from lines
    yield END


def _too_long(line: int) -> ExportRefused:
    return ExportRefused(
        f"line {line}: a field of more than {LONGEST_FIELD:,} characters starts here: a quotation "
        f"mark is never closed, or a long text stands there; names, codes and outcomes were "
        f"expected. Close the quotation or take the long text out, and export again."
    )


def _take(found: ExactRows, row: list[str], start: int, end: int, body: Body) -> None:
    if row and row[-1].endswith(END):
        raise ExportRefused(
            f"line {start}: a quotation mark opened in this row never closes, and has swallowed "
            f"what follows. Correct the text on line {start}, or export the file whole again."
        )
    swallowed = end > start and (
        len(row) != body.width
        or any(value.count(body.delimiter) >= body.width - 1 for value in row)
    )
    if swallowed:
        raise ExportRefused(
            f"line {start}: a quotation mark opened here closes on line {end}, and has "
            f"swallowed the rows between. Correct the text on line {start} and export again."
        )
    _sort(found, row, start, end, body.width)


def _sort(found: ExactRows, row: list[str], start: int, end: int, width: int) -> None:
    if not any(value.strip() for value in row):
        found.blank_lines += range(start, end + 1)
        return
    if max(map(len, row)) > LONGEST_FIELD:
        raise _too_long(start)
    if len(row) > width and not any(value.strip() for value in row[width:]):
        row = row[:width]
    if len(row) != width:
        found.wrong_width.append((start, len(row)))
        if len(found.wrong_width) > max(MOST_WRONG, len(found.rows)):
            raise ExportRefused(
                f"line {found.wrong_width[0][0]}: from here on more than {MOST_WRONG:,} rows have "
                f"more or fewer fields than the headings; as many were expected. Something else "
                f"stands below the table, or a quotation mark is missing. Export it again."
            )
    else:
        found.rows.append(row)
        found.lines.append(start)
