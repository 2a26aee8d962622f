"""What kind of file was sent, by its content and never by its name."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from pipeline.landing.reading.kinds import Kind, kind_of

OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind(tmp_path: Path, raw: bytes) -> Kind:
    copy = tmp_path / "000001"
    copy.write_bytes(raw)
    return kind_of(copy, len(raw))


def zipped(**members: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return raw.getvalue()


def compound(*streams: str) -> bytes:
    """An OLE2 file with empty streams of these names."""
    header = bytearray(512)
    header[:8] = OLE_START
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    end = 0xFFFFFFFE
    struct.pack_into("<IIIIIIIII", header, 44, 1, 1, 0, 4096, end, 0, end, 0, 0)
    header[80:] = b"\xff" * 432
    table = struct.pack("<128I", 0xFFFFFFFD, end, *[0xFFFFFFFF] * 126)
    entries = b""
    for kind_, name in [(5, "Root Entry"), *((2, name) for name in streams)]:
        entry = bytearray(128)
        entry[: 2 * len(name)] = name.encode("utf-16-le")
        struct.pack_into("<HB", entry, 64, 2 * len(name) + 2, kind_)
        struct.pack_into("<II", entry, 116, end, 0)
        entries += entry
    return bytes(header) + table + entries.ljust(512, b"\0")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", Kind.EMPTY),
        (b"upn,surname\n1,2\n", Kind.TEXT),
        ("upn,surname\n".encode("utf-16"), Kind.TEXT),
        ("upn,surname\n".encode("utf-16-le"), Kind.TEXT),
        ("upn;Zoë\n".encode("cp1252"), Kind.TEXT),
        (b"<1,a\n", Kind.TEXT),
        (b"a,b\n\0\0\0\0\0\0\0", Kind.OTHER),
        (b"<?xml version='1.0'?><CTfile/>", Kind.XML),
        (b"\xef\xbb\xbf\r\n<CTfile/>", Kind.XML),
        ("<?xml version='1.0'?><CTfile/>".encode("utf-16"), Kind.XML),
        ("<CTfile></CTfile>".encode("utf-16-be"), Kind.XML),
        (b"<!DOCTYPE html><html>", Kind.HTML),
        (b"\n<HTML><table>", Kind.HTML),
        (b"<table border=1>", Kind.HTML),
        (
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
            Kind.XML_WORKBOOK,
        ),
        (b"%PDF-1.7\n", Kind.PDF),
        (b"{\\rtf1 a}", Kind.WORD),
        (b"\x89PNG\r\n\x1a\n", Kind.IMAGE),
        (b"7z\xbc\xaf\x27\x1c\0\4", Kind.ARCHIVE),
        (b"PAR1....PAR1", Kind.PARQUET),
        (b"PK\x03\x04 and then cut off", Kind.ZIP),
    ],
)
def test_content_tells_the_kind(tmp_path: Path, raw: bytes, expected: Kind) -> None:
    assert kind(tmp_path, raw) == expected


def test_zip_archives_are_looked_into(tmp_path: Path) -> None:
    types = {"[Content_Types].xml": "<Types/>"}
    spreadsheet = "application/vnd.oasis.opendocument.spreadsheet"
    assert kind(tmp_path, zipped(**types, **{"xl/workbook.xml": ""})) == Kind.XLSX
    assert kind(tmp_path, zipped(**types, **{"xl/workbook.bin": ""})) == Kind.XLSX
    assert kind(tmp_path, zipped(**types, **{"word/document.xml": ""})) == Kind.WORD
    assert kind(tmp_path, zipped(**types, **{"ppt/presentation.xml": ""})) == Kind.OTHER_OFFICE
    assert kind(tmp_path, zipped(mimetype=spreadsheet)) == Kind.ODS
    assert kind(tmp_path, zipped(mimetype=spreadsheet.replace("spreadsheet", "text"))) == Kind.WORD
    assert kind(tmp_path, zipped(**{"results.csv": "a,b"})) == Kind.ZIP


def test_workbooks_as_programs_write_them_are_known_whatever_their_name(tmp_path: Path) -> None:
    new, old = tmp_path / "results.csv", tmp_path / "results.xlsx"
    with xlsxwriter.Workbook(str(new)) as book:
        book.add_worksheet().write(0, 0, "upn")
    workbook = xlwt.Workbook()
    workbook.add_sheet("Results").write(0, 0, "upn")
    workbook.save(str(old))
    assert kind_of(new, new.stat().st_size) == Kind.XLSX
    assert kind_of(old, old.stat().st_size) == Kind.XLS


def test_older_office_files_are_told_apart_by_their_streams(tmp_path: Path) -> None:
    assert kind(tmp_path, compound("EncryptionInfo", "EncryptedPackage")) == Kind.LOCKED
    assert kind(tmp_path, compound("Workbook")) == Kind.XLS
    assert kind(tmp_path, compound("Book")) == Kind.XLS
    assert kind(tmp_path, compound("WordDocument")) == Kind.WORD
    assert kind(tmp_path, compound("PowerPoint Document")) == Kind.OTHER_OFFICE
    assert kind(tmp_path, OLE_START + b"\0" * 20) == Kind.XLS


def test_every_kind_that_is_not_read_says_what_to_do_and_the_others_say_nothing() -> None:
    read = {Kind.TEXT, Kind.ZIP, Kind.XLSX, Kind.XLS, Kind.ODS, Kind.PARQUET, Kind.XML}
    for one in Kind:
        assert (one.refusal is None) == (one in read)
    assert "password" in (Kind.LOCKED.refusal or "")
    assert "Save As" in (Kind.HTML.refusal or "")
