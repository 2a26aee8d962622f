"""Tables written as the files that schools send, with the line on which each row then stands."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
import xlwt

from tests.exports_invented import Cell

Rows = Sequence[Sequence[Cell]]
# The bytes of a file, and the physical line on which each row of it starts.
Written = tuple[bytes, list[int]]
Write = Callable[[Rows], Written]
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
ODS_NAMES = (
    f'xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0" '
    f'xmlns:text="{OFFICE}:text:1.0"'
)


def text_of(cell: Cell, form: str = "%Y-%m-%d") -> str:
    """A cell as text; `form` is that of a date."""
    return cell.strftime(form) if isinstance(cell, dt.date) else cell


def delimited(
    delimiter: str = ",",
    encoding: str = "utf-8",
    end: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
    form: str = "%d/%m/%Y",
) -> Write:
    """A way to write text with these properties; `end` ends each line."""

    def write(rows: Rows) -> Written:
        text, lines, at = io.StringIO(newline=""), [], 1
        writer: Any = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)
        for row in rows:
            lines.append(at)
            values = [text_of(cell, form) for cell in row]
            # A line with nothing on it is a blank line; the writer would put quotes there.
            if any(values):
                writer.writerow(values)
            else:
                text.write(delimiter * (len(values) - 1) + end)
            at += 1 + sum(value.count("\n") for value in values)
        return text.getvalue().encode(encoding), lines

    return write


def xlsx(rows: Rows) -> Written:
    """A workbook with one sheet; dates are dates of Excel."""
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(
                        at, place, dt.datetime(cell.year, cell.month, cell.day), day
                    )
                elif cell:
                    sheet.write_string(at, place, cell)
    return raw.getvalue(), list(range(1, len(rows) + 1))


def xls(rows: Rows) -> Written:
    """A workbook of Excel 97 to 2003."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write(at, place, cell, day)
            elif cell:
                sheet.write(at, place, cell)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue(), list(range(1, len(rows) + 1))


def ods(rows: Rows) -> Written:
    """A workbook as LibreOffice writes it, with the parts that are read."""
    told = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )
    content = (
        f"<office:document-content {ODS_NAMES}><office:body><office:spreadsheet>"
        f'<table:table table:name="Sheet1">{told}</table:table>'
        f"</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0"/>'
    parts = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}
    return zipped(parts), list(range(1, len(rows) + 1))


def _ods_cell(cell: Cell) -> str:
    if isinstance(cell, dt.date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}">'
            f"<text:p>{cell:%d/%m/%Y}</text:p></table:table-cell>"
        )
    if not cell:
        return "<table:table-cell/>"
    paragraphs = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in cell.split("\n"))
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'


def _ods_text(line: str) -> str:
    return escape(line).replace("\t", "<text:tab/>").replace("  ", " <text:s/>")


def parquet(rows: Rows) -> Written:
    """A Parquet file: the first row is its names of columns."""
    names, *others = [list(row) for row in rows]
    columns = list(zip(*others, strict=True)) if others else [()] * len(names)
    arrays = [
        pa.array(list(column), pa.date32())
        if column and all(isinstance(cell, dt.date) for cell in column)
        else pa.array([text_of(cell) or None for cell in column], pa.string())
        for column in columns
    ]
    raw = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, [str(name) for name in names]), raw)
    return raw.getvalue(), list(range(1, len(rows) + 1))


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP archive of these files."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return raw.getvalue()


# Each way to write a table, with the ending of the file's name.
TEXTS: dict[str, tuple[str, Write]] = {
    "CSV": (".csv", delimited()),
    "CSV all quoted, CRLF": (".csv", delimited(quoting=csv.QUOTE_ALL, end="\r\n")),
    "CSV with a byte order mark": (".csv", delimited(encoding="utf-8-sig", end="\r\n")),
    "CSV of ISO dates": (".txt", delimited(form="%Y-%m-%d")),
    "semicolons": (".csv", delimited(";", end="\r\n")),
    "tabs": (".tsv", delimited("\t")),
    "bars": (".txt", delimited("|")),
    "UTF-16": (".txt", delimited("\t", "utf-16", "\r\n")),
    "UTF-16 without a mark": (".csv", delimited(encoding="utf-16-le")),
}
WINDOWS_1252: tuple[str, Write] = (".csv", delimited(encoding="cp1252", end="\r\n"))
BOOKS: dict[str, tuple[str, Write]] = {
    "XLSX": (".xlsx", xlsx),
    "XLS": (".xls", xls),
    "ODS": (".ods", ods),
}
PARQUET: tuple[str, Write] = (".parquet", parquet)
