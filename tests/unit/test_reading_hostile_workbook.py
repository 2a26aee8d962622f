"""Damaged workbooks, and such as were made to do harm: refused, without a trace or a wait."""

import io
import random
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from pipeline.errors import ExportRefused
from pipeline.landing.reading import archive, seen, sheet_xml, workbook, workbook_process
from pipeline.landing.reading.ole import stream
from pipeline.landing.reading.workbook import sheets

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
NAME = "Quillfeather"


def xlsx(**changed: bytes | str) -> bytes:
    """A good workbook in which whole parts are replaced, or added."""
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw) as book:
        sheet = book.add_worksheet("Results")
        for row in range(20):
            sheet.write_row(row, 0, [f"{NAME} {row}", row, 1.5])
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, changed.pop(name, source.read(name)))
        for name, content in changed.items():
            target.writestr(name, content)
    return out.getvalue()


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Results")
    for row in range(20):
        for column, value in enumerate([f"{NAME} {row}", row, 1.5]):
            sheet.write(row, column, value)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def sheet_of(cells: str, before: str = "") -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}">{before}<sheetData>{cells}</sheetData></worksheet>'


def refusal(tmp_path: Path, raw: bytes) -> str:
    copy = tmp_path / "000001"
    copy.write_bytes(raw)
    with pytest.raises(ExportRefused) as refused:
        sheets(copy)
    assert list(tmp_path.iterdir()) == [copy]
    assert NAME not in str(refused.value)
    return str(refused.value)


def is_read_or_refused(tmp_path: Path, raw: bytes, capfd: Any) -> None:
    copy = tmp_path / "000001"
    copy.write_bytes(raw)
    try:
        for sheet in sheets(copy):
            assert len(sheet.rows) == len(sheet.lines)
    except ExportRefused as refused:
        assert NAME not in str(refused)
    assert capfd.readouterr() == ("", "")


def test_a_workbook_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    rng = random.Random(20251101)
    for raw in (xlsx(), xls()):
        for size in rng.sample(range(8, len(raw) - 600), 20):
            assert "damaged" in refusal(tmp_path, raw[:size])


def test_a_workbook_with_a_broken_byte_is_read_or_refused_and_says_nothing(
    tmp_path: Path, capfd: Any
) -> None:
    rng = random.Random(20251102)
    for raw in (xlsx(), xls()):
        for _ in range(20):
            broken = bytearray(raw)
            broken[rng.randrange(8, len(raw))] ^= 1 << rng.randrange(8)
            is_read_or_refused(tmp_path, bytes(broken), capfd)


def test_an_old_workbook_that_claims_endless_memory_ends_only_its_own_reading(
    tmp_path: Path, capfd: Any
) -> None:
    raw = xls()
    content = stream_of(tmp_path, raw)
    for kind in (0x00FC, 0x0200, 0x0085, 0x00FF):
        at = raw.index(content[content.index(struct.pack("<H", kind)) :][:20]) + 4
        for claim in (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f"):
            for shift in range(0, 12, 4):
                broken = bytearray(raw)
                broken[at + shift : at + shift + 4] = claim
                is_read_or_refused(tmp_path, bytes(broken), capfd)


def stream_of(tmp_path: Path, raw: bytes) -> bytes:
    copy = tmp_path / "000001"
    copy.write_bytes(raw)
    return stream(copy, "workbook")


def test_an_old_workbook_whose_sectors_form_a_ring_is_refused(tmp_path: Path) -> None:
    raw = bytearray(xls())
    table = (struct.unpack_from("<I", raw, 76)[0] + 1) * 512
    for at in range(table, table + 4 * 8, 4):
        struct.pack_into("<I", raw, at, 0)
    assert "damaged" in refusal(tmp_path, bytes(raw))


def test_a_claimed_extent_of_all_cells_is_not_believed(tmp_path: Path) -> None:
    copy = tmp_path / "000001"
    cells = '<row r="1"><c r="A1"><v>7</v></c></row>'
    copy.write_bytes(xlsx(**{SHEET: sheet_of(cells, '<dimension ref="A1:XFD1048576"/>')}))
    assert [sheet.rows for sheet in sheets(copy)] == [[["7"]]]


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>7</v></c></row><row><c r="XFD1048576"><v>7</v></c></row>',
        '<row r="1"><c r="XFD1"><v>7</v></c></row><row r="1048576"><c><v>7</v></c></row>',
        '<row r="1"><c r="xfd1"><f>1</f></c></row><row r="1048576"><c r="A1048576"><v/></c></row>',
        '<row r="2000000"><c r="A2000000"><v>7</v></c></row>',
        '<row><c r="ZZZZ1"><v>7</v></c></row>',
    ],
)
def test_cells_too_far_apart_to_hold_all_between_are_refused(tmp_path: Path, cells: str) -> None:
    assert "cells reach to row" in refusal(tmp_path, xlsx(**{SHEET: sheet_of(cells)}))


def test_a_long_text_that_many_cells_share_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "MOST_LETTERS", 100_000)
    strings = f"<sst><si><t>short</t></si><si><t>{'x' * 1_000}</t></si></sst>"
    row = '<row r="{0}"><c r="A{0}" t="s"><v>{1}</v></c></row>'
    long = "".join(row.format(n, 1) for n in range(1, 102))
    assert "letters" in refusal(tmp_path, xlsx(**{SHEET: sheet_of(long), STRINGS: strings}))
    short = "".join(row.format(n, n > 90) for n in range(1, 102)).replace("True", "1")
    copy = tmp_path / "000001"
    copy.write_bytes(xlsx(**{SHEET: sheet_of(short.replace("False", "0")), STRINGS: strings}))
    assert len(sheets(copy)[0].rows) == 101


def test_entities_are_refused_before_they_grow(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>'
    assert "entities" in refusal(tmp_path, xlsx(**{SHEET: f"{bomb}]>{sheet_of(cells)}"}))
    outside = (
        '<!DOCTYPE sst [<!ENTITY a SYSTEM "file:///etc/hostname">]><sst><si><t>&a;</t></si></sst>'
    )
    assert "entities" in refusal(tmp_path, xlsx(**{STRINGS: outside}))


@pytest.mark.parametrize("encoding", ["UTF-j", "rot13", "cp037", "utf-7", "iso-8859-1"])
def test_only_the_encoding_that_programs_write_is_read(tmp_path: Path, encoding: str) -> None:
    sheet = f'<?xml version="1.0" encoding="{encoding}"?>{sheet_of("")}'
    assert "damaged" in refusal(tmp_path, xlsx(**{SHEET: sheet}))


def test_a_bomb_in_a_workbook_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    spaces = " " * (40 * archive.MEGABYTE)
    assert "unpacked it is more than" in refusal(tmp_path, xlsx(**{SHEET: sheet_of(spaces)}))


def test_a_workbook_larger_than_memory_allows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "LARGEST", 10_000)
    assert "unpacked it is more than" in refusal(tmp_path, xlsx())


def test_parts_of_one_name_and_missing_parts_are_refused(tmp_path: Path) -> None:
    raw = xlsx(**{"xl/WORKSHEETS/sheet1.xml": sheet_of("")})
    assert "damaged" in refusal(tmp_path, raw)
    relations = (
        '<Relationships><Relationship Id="rId1" Target="worksheets/no.xml"/></Relationships>'
    )
    assert "damaged" in refusal(tmp_path, xlsx(**{"xl/_rels/workbook.xml.rels": relations}))
    assert "damaged" in refusal(tmp_path, xlsx(**{SHEET: "<worksheet><sheetData>"}))


def test_more_sheets_than_anyone_keeps_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "MOST_SHEETS", 0)
    assert "1 sheets" in refusal(tmp_path, xlsx())


def test_a_reading_that_never_ends_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "SECONDS", 0.5)
    monkeypatch.setattr(workbook, "BOOTSTRAP", "while True: pass")
    assert "could not be read within" in refusal(tmp_path, xlsx())


@pytest.mark.parametrize("end", ["os.abort()", "os._exit(3)", "os._exit(101)"])
def test_a_reading_that_breaks_off_refuses_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(workbook, "BOOTSTRAP", f"import os; {end}")
    assert "damaged" in refusal(tmp_path, xlsx())


def test_a_workbook_with_a_password_is_named_as_such(tmp_path: Path) -> None:
    raw = xls()
    content = stream_of(tmp_path, raw)
    after = struct.unpack_from("<H", content, 2)[0] + 4
    at = raw.index(content[:after]) + after
    broken = bytearray(raw)
    struct.pack_into("<H", broken, at, 0x2F)
    assert "password" in refusal(tmp_path, bytes(broken))


@pytest.mark.parametrize(
    ("letters", "place"), [("A1", (0, 0)), ("z9", (8, 25)), ("AA10", (9, 26)), ("XFD1", (0, 16383))]
)
def test_the_name_of_a_cell_says_where_it_stands(letters: str, place: tuple[int, int]) -> None:
    assert sheet_xml.place_of(letters) == place


@pytest.mark.parametrize("letters", ["", "A", "1", "A0", "A-1", "A１", "ABCDEFGH1", "A1:B2"])
def test_what_is_no_name_of_a_cell_is_damage(letters: str) -> None:
    with pytest.raises(ExportRefused):
        sheet_xml.place_of(letters)


def test_the_process_that_reads_answers_with_a_code_for_each_end(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_bytes(b"no workbook")
    assert workbook_process.read(str(bad)) == workbook_process.REFUSED
