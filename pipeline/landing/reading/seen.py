"""What a sheet holds, seen before it is read: its extent, its errors and its merged cells.

The library that reads workbooks makes room for the whole extent of a sheet and a copy of a shared
text for each cell that shows it, so both are added up first; and it gives a cell of error as blank.
"""

from dataclasses import dataclass, field

from pipeline.errors import ExportRefused

MOST_SHEETS = 256
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
# All cells of a workbook, blank ones between others included: 250,000 rows of 20 columns.
MOST_CELLS = 5_000_000
MOST_LETTERS = 250_000_000

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
# Top row, left column, bottom row, right column; in `Seen` counted from 0.
Box = tuple[int, int, int, int]


@dataclass
class Seen:
    """A sheet's extent in rows and columns, and what its cells would take."""

    rows: int = 0
    columns: int = 0
    letters: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Box] = field(default_factory=list)

    def cell(self, row: int, column: int) -> None:
        """Take a cell that is not blank."""
        if row >= self.rows:
            self.rows = row + 1
        if column >= self.columns:
            self.columns = column + 1

    def error(self, row: int, column: int, code: int) -> None:
        self.errors[row, column] = ERRORS.get(code, "#N/A")


def refuse_too_large(sheets: list[Seen]) -> None:
    """Raise ExportRefused for a workbook that would not fit into memory."""
    if len(sheets) > MOST_SHEETS:
        raise ExportRefused(
            f"the workbook has {len(sheets):,} sheets; at most {MOST_SHEETS} were expected. "
            f"Save the sheets that hold results as a workbook of their own and send that."
        )
    for number, seen in enumerate(sheets, start=1):
        if (
            seen.rows > MOST_ROWS
            or seen.columns > MOST_COLUMNS
            or seen.rows * seen.columns > MOST_CELLS
        ):
            raise ExportRefused(
                f"sheet {number}: its cells reach to row {seen.rows:,} and column "
                f"{seen.columns:,}; a table of at most {MOST_CELLS:,} cells was expected. Delete "
                f"what stands far from the table, or export it as CSV, and send that."
            )
    cells = sum(seen.rows * seen.columns for seen in sheets)
    if cells > MOST_CELLS or sum(seen.letters for seen in sheets) > MOST_LETTERS:
        raise ExportRefused(
            f"the workbook holds more than {MOST_CELLS:,} cells or {MOST_LETTERS:,} letters. "
            f"Export it as CSV and send that."
        )
