"""Take files in: copied, hashed and scanned in one pass, so that what is judged is what is kept."""

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ExportRefused
from pipeline.landing.layout import Layout, find_layout
from pipeline.landing.scan import Scan

CHUNK = 16 * 1024 * 1024
LARGEST_HEADER = 64 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass
class Received:
    """A file taken in; `copy` is our own copy of its bytes."""

    path: str
    sha256: str
    copy: Path
    scan: Scan
    file_id: int = 0
    layout: Layout | None = None
    refusal: str | None = None
    rows_read: int = 0

    @property
    def data_lines(self) -> int:
        """Physical lines after the header."""
        return max(self.scan.lines - 1, 0)


def export_files(exports: Path) -> list[Path]:
    """Files below `exports/`, in an order that is the same everywhere.

    Left out: hidden files, and the `~$` twin that Excel keeps beside a workbook that is open.
    """
    found = [
        p
        for p in exports.rglob("*")
        if not any(part.startswith((".", "~$")) for part in p.relative_to(exports).parts)
        and p.name.lower() not in ("thumbs.db", "desktop.ini")
        and (p.is_file() or p.is_symlink())
    ]
    return sorted(found, key=lambda p: (p.as_posix().casefold(), p.as_posix()))


def receive(path: Path, exports: Path, incoming: Path, number: int) -> Received:
    """Copy a file into `incoming` and look at it. Never raises for what a file holds."""
    name = path.relative_to(exports).as_posix()
    copy = incoming / f"{number:06d}"
    scan, digest = Scan(), hashlib.sha256()
    try:
        with path.open("rb") as source, copy.open("wb") as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
                scan.feed(chunk)
        scan.finish()
    except OSError as wrong:
        refusal = (
            f"cannot be read ({wrong.strerror or 'input error'}). It may be open in another "
            f"program, or a link whose target is gone; close it there or copy it again."
        )
        return Received(name, "", copy, scan, refusal=refusal)
    received = Received(name, digest.hexdigest(), copy, scan)
    try:
        _readable(path.suffix.lower(), received)
        received.layout = find_layout(_header(copy))
        received.rows_read = received.data_lines
        if not received.data_lines:
            raise ExportRefused("only headings were found, and no rows. Export it again.")
    except ExportRefused as refused:
        received.refusal = str(refused)
    return received


def _readable(suffix: str, received: Received) -> None:
    scan = received.scan
    if suffix != ".csv":
        raise ExportRefused(
            f"a file of the kind '{suffix or 'no ending'}' was found where CSV was expected. "
            f"Export it as CSV (in Excel: Save As, CSV UTF-8) and send that."
        )
    if scan.size == 0:
        raise ExportRefused("the file is empty. Export it again.")
    with received.copy.open("rb") as file:
        start = file.read(4)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ExportRefused(
            "the text is UTF-16; UTF-8 was expected. Save it as CSV UTF-8 and send that."
        )
    if scan.has_nul:
        raise ExportRefused(
            "it holds NUL bytes, so it is not text or was not written to its end. Export it again."
        )
    if not scan.is_utf8:
        raise ExportRefused(
            "the text is not UTF-8; names with accents would be spoilt. In Excel choose Save As, "
            "CSV UTF-8 (Comma delimited), and send that."
        )


def _header(copy: Path) -> list[str]:
    with copy.open("rb") as file:
        start = file.read(LARGEST_HEADER).removeprefix(BYTE_ORDER_MARK)
    text = start.decode("utf-8", errors="ignore")
    header = next(csv.reader(io.StringIO(text, newline="")), [])
    if len(header) < 2:
        other = next((c for c in ";\t|" if c in text.split("\n", 1)[0]), None)
        told = {";": "semicolons", "\t": "tabs", "|": "bars"}.get(other or "", "")
        raise ExportRefused(
            f"line 1: one column was found{f', with {told} in it' if told else ''}; columns "
            f"separated by commas were expected. Export it as CSV with commas."
        )
    return header
