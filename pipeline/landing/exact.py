"""The exact reader, for files whose rows are not one plain line each: slower, to the line.

Blank lines, quoted line ends and rows of the wrong length are told apart; a quotation mark that
swallows other rows refuses the file rather than hide a pupil.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.errors import ExportRefused
from pipeline.landing.receive import Received

csv.field_size_limit(16 * 1024 * 1024)

# Comes after the last line; where it is not a row of its own, a quotation mark is still open.
END = "\0end"


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


def read_exactly(received: Received) -> ExactRows:
    """Read a file row by row. Raises ExportRefused where rows are swallowed by a quote."""
    found = ExactRows()
    with received.copy.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(_with_end(file))
        width = len(next(reader))
        start = reader.line_num + 1
        try:
            for row in reader:
                if row == [END]:
                    break
                _take(found, row, start, reader.line_num, width)
                start = reader.line_num + 1
        except csv.Error:
            raise ExportRefused(
                f"line {start}: a field of more than 16 million characters starts here, which "
                f"means that a quotation mark is never closed. Correct it and export again."
            ) from None
        physical = reader.line_num - 1
    if physical != received.scan.lines:
        raise ExportRefused(
            f"{received.scan.lines} lines were counted and {physical} were read. Export it again."
        )
    return found


def _with_end(lines: Iterable[str]) -> Iterator[str]:
    yield from lines
    yield END


def _take(found: ExactRows, row: list[str], start: int, end: int, width: int) -> None:
    if row and row[-1].endswith(END):
        raise ExportRefused(
            f"line {start}: a quotation mark opened in this row never closes, and has swallowed "
            f"what follows. Correct the text on line {start}, or export the file whole again."
        )
    swallowed = end > start and (
        len(row) != width or any(value.count(",") >= width - 1 for value in row)
    )
    if swallowed:
        raise ExportRefused(
            f"line {start}: a quotation mark opened here closes on line {end}, and has "
            f"swallowed the rows between. Correct the text on line {start} and export again."
        )
    if not any(value.strip() for value in row):
        found.blank_lines += range(start, end + 1)
    elif len(row) != width:
        found.wrong_width.append((start, len(row)))
    else:
        found.rows.append(row)
        found.lines.append(start)
