"""What kind of file a school sent, told by its content: its name may say anything."""

import re
from enum import Enum
from pathlib import Path

from pipeline.errors import ExportRefused
from pipeline.landing.reading.archive import opened
from pipeline.landing.reading.ole import OLE_START, stream_names
from pipeline.landing.reading.text import encoding_of

START = 64 * 1024


class Kind(Enum):
    """A kind of file; `refusal` is the sentence for one that is not read, and None for others."""

    TEXT = "text"
    ZIP = "zip"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    PARQUET = "parquet"
    XML = "xml"
    EMPTY = "empty"
    LOCKED = "locked"
    PDF = "pdf"
    WORD = "word"
    OTHER_OFFICE = "other_office"
    HTML = "html"
    XML_WORKBOOK = "xml_workbook"
    IMAGE = "image"
    ARCHIVE = "archive"
    OTHER = "other"

    @property
    def refusal(self) -> str | None:
        return REFUSALS.get(self)


AGAIN = "Export it from your system as CSV or Excel and send that."
SAVE_AS = "Open it in Excel, choose Save As, Excel Workbook (.xlsx), and send that."
REFUSALS = {
    Kind.EMPTY: "the file is empty; rows of results were expected. Export it again.",
    Kind.LOCKED: (
        "the workbook is protected by a password; one that opens without was expected. In Excel "
        "choose File, Info, Protect Workbook, Encrypt with Password, clear it, save and send that."
    ),
    Kind.PDF: f"a PDF was found; a table was expected. {AGAIN}",
    Kind.WORD: f"a text document (Word) was found; a table was expected. {AGAIN}",
    Kind.OTHER_OFFICE: f"an Office file without sheets was found; a table was expected. {AGAIN}",
    Kind.HTML: f"a web page was found, though its name may say Excel; a table was expected. "
    f"{SAVE_AS}",
    Kind.XML_WORKBOOK: f"a workbook in the XML form of Excel 2003 was found; a workbook or CSV was "
    f"expected. {SAVE_AS}",
    Kind.IMAGE: f"a picture was found; a table was expected. {AGAIN}",
    Kind.ARCHIVE: (
        "an archive that is not ZIP was found; ZIP or the files themselves were expected. Send "
        "the files as they are, or pack them with Windows (Send to, Compressed folder)."
    ),
    Kind.OTHER: (
        "it holds NUL bytes, so it is not text, or was not written to its end; text, a workbook, "
        "Parquet or XML was expected. Export it again."
    ),
}
STARTS = (
    (b"PAR1", Kind.PARQUET),
    (b"%PDF-", Kind.PDF),
    (b"\x89PNG", Kind.IMAGE),
    (b"\xff\xd8\xff", Kind.IMAGE),
    (b"GIF8", Kind.IMAGE),
    (b"II*\0", Kind.IMAGE),
    (b"MM\0*", Kind.IMAGE),
    (b"{\\rtf", Kind.WORD),
    (b"\x1f\x8b", Kind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (b"Rar!\x1a\x07", Kind.ARCHIVE),
)
PAGE = re.compile(r"<(!doctype\s+html|html|head|body|table|meta|style|div)\b", re.IGNORECASE)


def kind_of(copy: Path, size: int) -> Kind:
    """The kind of a file of `size` bytes."""
    if size == 0:
        return Kind.EMPTY
    with copy.open("rb") as file:
        start = file.read(START)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(copy)
    if start.startswith(OLE_START):
        return _compound(copy)
    for magic, kind in STARTS:
        if start.startswith(magic):
            return kind
    return _textual(start)


def _zipped(copy: Path) -> Kind:
    """A ZIP that cannot be opened stays a ZIP: whoever reads it says what is wrong."""
    try:
        with opened(copy) as archive:
            names = {name.lower() for name in archive.namelist()}
            declared = b""
            if "mimetype" in archive.namelist() and archive.getinfo("mimetype").file_size < 200:
                declared = archive.read("mimetype")[:200]
    except Exception:  # whatever is wrong with the archive is told when it is read
        return Kind.ZIP
    if "[content_types].xml" in names:
        if names & {"xl/workbook.xml", "xl/workbook.bin"}:
            return Kind.XLSX
        folders = {name.split("/", 1)[0] for name in names}
        return Kind.WORD if "word" in folders else Kind.OTHER_OFFICE
    if b"opendocument.spreadsheet" in declared:
        return Kind.ODS
    if b"opendocument.text" in declared:
        return Kind.WORD
    return Kind.OTHER_OFFICE if b"opendocument" in declared else Kind.ZIP


def _compound(copy: Path) -> Kind:
    try:
        names = stream_names(copy)
    except ExportRefused:
        return Kind.XLS  # damaged: reading it says so
    if "encryptedpackage" in names:
        return Kind.LOCKED
    if names & {"workbook", "book"}:
        return Kind.XLS
    return Kind.WORD if "worddocument" in names else Kind.OTHER_OFFICE


def _textual(start: bytes) -> Kind:
    encoding = encoding_of(start)
    text = start.decode(encoding or "utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    if "\0" in text:
        return Kind.OTHER
    if not re.match(r"<[A-Za-z_!?]", text):
        return Kind.TEXT
    if PAGE.match(text) or (text[:5].lower() == "<?xml" and PAGE.search(text[:2_000])):
        return Kind.HTML
    if "urn:schemas-microsoft-com:office:spreadsheet" in text[:5_000]:
        return Kind.XML_WORKBOOK
    return Kind.XML
