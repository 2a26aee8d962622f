"""Workbooks of every kind: each cell where it stands, as the text that it shows."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from pipeline.landing.reading.values import text_of
from pipeline.landing.reading.workbook import Sheet, sheets

ODS_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text")
)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], list[Sheet]]:
    """Read a workbook under a name that says nothing, and leave nothing beside it."""

    def of(raw: bytes) -> list[Sheet]:
        copy = tmp_path / "000001"
        copy.write_bytes(raw)
        found = sheets(copy)
        assert list(tmp_path.iterdir()) == [copy]
        return found

    return of


Read = Callable[[bytes], list[Sheet]]


def xlsx(write: Callable[[Any], None]) -> bytes:
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw) as book:
        write(book)
    return raw.getvalue()


def ods(tables: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        target.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>'
        )
        target.writestr(
            "content.xml",
            f"<office:document-content {ODS_NAMES} {CALC}><office:body><office:spreadsheet>{tables}"
            f"</office:spreadsheet></office:body></office:document-content>",
        )
    return raw.getvalue()


def ods_text(text: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p>'
        f"</table:table-cell>"
    )


def ods_value(kind: str, attribute: str, value: str) -> str:
    return f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}"/>'


def record(kind: int, content: bytes = b"") -> bytes:
    """A record of an XLSB."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(content), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + length + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(cells: dict[tuple[int, int], bytes], more: bytes = b"") -> bytes:
    """An XLSB of one sheet; a cell is given as kind and value."""
    rows = b""
    for row in sorted({r for r, _ in cells}):
        rows += record(0, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0))
        for (_, column), cell in sorted((p, c) for p, c in cells.items() if p[0] == row):
            rows += record(cell[0], struct.pack("<II", column, 0) + cell[1:])
    sheet = record(129) + record(148, struct.pack("<IIII", 0, 9, 0, 9)) + record(145) + rows
    sheet += record(146) + more + record(130)
    names = record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Results"))
    book = record(131) + names + record(144) + record(132)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as target:
        target.writestr("[Content_Types].xml", "<Types/>")
        target.writestr("xl/workbook.bin", book)
        target.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.bin"/>'
            "</Relationships>",
        )
        target.writestr("xl/worksheets/sheet1.bin", sheet)
        target.writestr("xl/printerSettings/printerSettings1.bin", b"\xff" * 50)
    return raw.getvalue()


def test_an_excel_workbook_gives_every_value_as_text(read: Read) -> None:
    def write(book: Any) -> None:
        sheet = book.add_worksheet("Results")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        clock = book.add_format({"num_format": "hh:mm"})
        length = book.add_format({"num_format": "[h]:mm"})
        sheet.write_row(0, 0, ["Zoë", 4, 4.5, 801000000000.0, 0.1, "0042", True, "  two\nlines "])
        sheet.write_datetime(1, 0, dt.datetime(2016, 1, 31), day)
        sheet.write_datetime(1, 1, dt.datetime(2025, 12, 1, 9, 30, 5), day)
        sheet.write_datetime(1, 2, dt.time(9, 30), clock)
        sheet.write(1, 3, 1.25, length)
        sheet.write_formula(1, 4, "=1+1", None, 2)
        sheet.write_formula(1, 5, '="x"', None, "x")

    (sheet,) = read(xlsx(write))
    assert sheet.rows == [
        ["Zoë", "4", "4.5", "801000000000", "0.1", "0042", "TRUE", "  two\nlines "],
        ["2016-01-31", "2025-12-01 09:30:05", "09:30:00", "30:00:00", "2", "x", "", ""],
    ]
    assert (sheet.part, sheet.lines, sheet.hidden) == ("Results", [1, 2], False)


def test_a_table_that_stands_away_from_the_corner_keeps_its_places(read: Read) -> None:
    def write(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write(6, 2, "upn")
        sheet.write(9, 3, "EXS")
        sheet.write_blank(40, 1, None, book.add_format({"bold": True}))

    old = xlwt.Workbook()
    page = old.add_sheet("Sheet1")
    page.write(6, 2, "upn")
    page.write(9, 3, "EXS")
    before = (
        '<table:table-row table:number-rows-repeated="{}"><table:table-cell/></table:table-row>'
    )
    rows = (
        before.format(6)
        + f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>{ods_text("upn")}'
        + '<table:table-cell table:number-columns-repeated="16381"/></table:table-row>'
        + before.format(2)
        + '<table:table-row><table:table-cell table:number-columns-repeated="3"/>'
        + f"{ods_text('EXS')}</table:table-row>{before.format(1048566)}"
    )
    raw = io.BytesIO()
    old.save(raw)
    binary = xlsb({(6, 2): b"\x06" + wide("upn"), (9, 3): b"\x06" + wide("EXS")})
    open_document = ods(f'<table:table table:name="Sheet1">{rows}</table:table>')
    for workbook in (xlsx(write), raw.getvalue(), open_document, binary):
        (sheet,) = read(workbook)
        assert sheet.lines == [7, 8, 9, 10]
        assert sheet.rows == [
            ["", "", "upn", ""],
            ["", "", "", ""],
            ["", "", "", ""],
            ["", "", "", "EXS"],
        ]


def test_errors_keep_their_text_in_every_kind_of_workbook(read: Read) -> None:
    def write(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "upn")
        sheet.write_formula(1, 1, "=NA()", None, "#N/A")
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")

    old = xlwt.Workbook()
    page = old.add_sheet("Results")
    page.write(0, 0, "upn")
    page.row(1).set_cell_error(1, "#N/A!")  # as xlwt spells it
    page.row(2).set_cell_error(2, "#DIV/0!")
    raw = io.BytesIO()
    old.save(raw)
    binary = xlsb({(0, 0): b"\x06" + wide("upn"), (1, 1): b"\x03\x2a", (2, 2): b"\x03\x07"})
    error = 'office:string-value="" calcext:value-type="error"'
    rows = (
        f"<table:table-row>{ods_text('upn')}</table:table-row>"
        f"<table:table-row><table:table-cell/>{ods_text('#N/A', error)}</table:table-row>"
        f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        f"{ods_text('#DIV/0!', error)}</table:table-row>"
    )
    open_document = ods(f'<table:table table:name="Results">{rows}</table:table>')
    for workbook in (xlsx(write), raw.getvalue(), binary, open_document):
        (sheet,) = read(workbook)
        assert sheet.rows == [["upn", "", ""], ["", "#N/A", ""], ["", "", "#DIV/0!"]]


def test_merged_headings_are_named_by_line_and_place(read: Read) -> None:
    def write(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range("C3:E3", "Maths")
        sheet.merge_range("A3:A4", "upn")

    old = xlwt.Workbook()
    page = old.add_sheet("Results")
    page.write_merge(2, 2, 2, 4, "Maths")
    page.write_merge(2, 3, 0, 0, "upn")
    raw = io.BytesIO()
    old.save(raw)
    cells = {(2, 0): b"\x06" + wide("upn"), (2, 2): b"\x06" + wide("Maths")}
    down, across = 'table:number-rows-spanned="2"', 'table:number-columns-spanned="3"'
    merged = record(176, struct.pack("<4I", 2, 2, 2, 4)) + record(
        176, struct.pack("<4I", 2, 3, 0, 0)
    )
    rows = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        f"<table:table-row>{ods_text('upn', down)}<table:table-cell/>"
        f"{ods_text('Maths', across)}"
        '<table:covered-table-cell table:number-columns-repeated="2"/></table:table-row>'
    )
    open_document = ods(f'<table:table table:name="Results">{rows}</table:table>')
    for workbook in (xlsx(write), raw.getvalue(), xlsb(cells, merged), open_document):
        (sheet,) = read(workbook)
        assert sheet.merged == ((3, 0, 4, 0), (3, 2, 3, 4))
        assert (sheet.rows[0][:3], sheet.lines[0]) == (["upn", "", "Maths"], 3)


def test_all_sheets_come_in_order_hidden_and_blank_ones_too_and_charts_do_not(read: Read) -> None:
    def write(book: Any) -> None:
        book.add_worksheet("Notes")
        data = book.add_worksheet("Results")
        data.write(0, 0, 1)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Results!$A$1:$A$1"})
        book.add_chartsheet("Chart").set_chart(chart)
        hidden = book.add_worksheet("Lists")
        hidden.write_formula(0, 0, "=NA()", None, "#N/A")
        hidden.hide()

    found = read(xlsx(write))
    assert [(s.part, s.hidden, s.rows) for s in found] == [
        ("Notes", False, []),
        ("Results", False, [["1"]]),
        ("Lists", True, [["#N/A"]]),
    ]


def test_an_old_excel_workbook_gives_every_value_as_text(read: Read) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("Results")
    for column, value in enumerate(["Zoë", 4, 4.5, True, "0042"]):
        page.write(0, column, value)
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    page.write(0, 5, dt.datetime(2016, 1, 31), day)
    raw = io.BytesIO()
    book.save(raw)
    (sheet,) = read(raw.getvalue())
    assert sheet.rows == [["Zoë", "4", "4.5", "TRUE", "0042", "2016-01-31"]]


def test_an_open_document_gives_every_value_as_text(read: Read) -> None:
    cells = (
        ods_text("Zoë")
        + ods_value("float", "value", "4")
        + ods_value("percentage", "value", "0.955")
        + ods_value("boolean", "boolean-value", "true")
        + ods_value("date", "date-value", "2016-01-31")
        + ods_value("date", "date-value", "2025-12-01T09:30:05")
        + ods_value("time", "time-value", "PT09H30M00S")
        + ods_text("EXS", 'table:number-columns-repeated="2"')
    )
    (sheet,) = read(
        ods(
            f'<table:table table:name="Results"><table:table-row table:number-rows-repeated="2">'
            f"{cells}</table:table-row></table:table>"
        )
    )
    row = ["Zoë", "4", "0.955", "TRUE", "2016-01-31", "2025-12-01 09:30:05", "09:30:00"]
    assert sheet.rows == [[*row, "EXS", "EXS"]] * 2


def test_a_long_sheet_comes_whole(read: Read) -> None:
    def write(book: Any) -> None:
        sheet = book.add_worksheet()
        for row in range(2_500):
            sheet.write_row(row, 0, [row, f"pupil {row}"])

    (sheet,) = read(xlsx(write))
    assert sheet.rows == [[str(row), f"pupil {row}"] for row in range(2_500)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4.0, "4"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e22, "1e+22"),
        (8010000000000.0, "8010000000000"),
        (False, "FALSE"),
        (None, ""),
        (dt.datetime(2025, 8, 31, 23, 59, 59, 600_000), "2025-09-01"),
        (dt.datetime(2025, 9, 1, 0, 0, 0, 400_000), "2025-09-01"),
        (dt.timedelta(hours=-1, minutes=-30), "-01:30:00"),
    ],
)
def test_values_become_text_that_stands_for_them(value: object, text: str) -> None:
    assert text_of(value) == text
