"""The standard exports, in the style of each school, as text or in a workbook."""

from __future__ import annotations

from invention.schools import School
from invention.tables import Cell, Export, Line, Row, Table, day_of, title

DATES = ("date_of_birth", "entry_date", "leaving_date", "assessment_date")


def columns_of(export: Export) -> tuple[str, ...]:
    """Columns that the school sends in this kind of file."""
    style = export.school.style
    columns = style.roll if export.kind == "roll" else style.results
    if export.school.premium_apart_from <= export.term:
        columns = tuple(c for c in columns if c not in ("pupil_premium", "fsm6"))
    return columns


def standard(export: Export, dates_as_cells: bool = False) -> Table:
    """The export with a row a line; dates as cells of Excel where asked for."""
    columns = columns_of(export)
    layout = "standard-roll/1" if export.kind == "roll" else "standard-results/1"
    lines = [title(*map(export.school.style.header, columns))]
    lines += [Line(_cells(row, columns, dates_as_cells), [row]) for row in export.rows]
    return Table(layout, lines, "Export" if dates_as_cells else "")


def _cells(row: Row, columns: tuple[str, ...], dates_as_cells: bool) -> list[Cell]:
    values: list[Cell] = [row.cells.get(column, "") for column in columns]
    if dates_as_cells:
        for at, column in enumerate(columns):
            if column in DATES:
                values[at] = day_of(str(values[at])) or values[at]
    if row.fields_too_many < 0:
        values = values[: row.fields_too_many]
    # As when a comma is typed into a name and the file is saved without quotes.
    at = columns.index("forename")
    return [*values[:at], *["junior"] * row.fields_too_many, *values[at:]]


def is_yes(school: School, cell: str) -> bool:
    """Whether a cell of a school's roll says yes."""
    return cell == school.style.yes_no[0]
