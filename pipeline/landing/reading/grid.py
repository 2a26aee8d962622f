"""A table of text as it stands in a file, before anyone knows what its columns mean."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Grid:
    """`rows[i]` stands on physical line `lines[i]`, counted from 1; rows may differ in length.

    `part` is the sheet of a workbook, and None where a file has one table. In a workbook the line
    is the number that the spreadsheet shows beside the row.
    """

    rows: list[list[str]]
    lines: list[int]
    part: str | None = None
