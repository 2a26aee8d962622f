"""Excel workbooks and ZIP archives with the same content on every machine."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter

from invention.tables import Table

WRITTEN = dt.datetime(2026, 7, 21, 15, 30)


def as_workbook(tables: Sequence[Table], path: str) -> bytes:
    """An XLSX with a sheet for each table; also tells each row its sheet and row in Excel."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"author": "Invented Office", "created": WRITTEN})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    for table in tables:
        sheet = book.add_worksheet(table.sheet)
        for at, line in enumerate(table.lines):
            for column, cell in enumerate(line.cells):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(at, column, dt.datetime(*cell.timetuple()[:3]), day)
                elif cell != "":
                    sheet.write(at, column, cell, None if line.is_data else bold)
        table.tell_rows(path, range(1, len(table.lines) + 1))
    book.close()
    return buffer.getvalue()


def as_archive(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of files by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            member.create_system = 0  # as on Windows, wherever it is made
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return buffer.getvalue()
