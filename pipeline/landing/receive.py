"""Take files in: copied, hashed and scanned in one pass, so that what is judged is what is kept."""

import csv
import hashlib
import io
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ExportRefused
from pipeline.landing.layout import Layout, find_layout, standard_columns
from pipeline.landing.scan import Scan

CHUNK = 16 * 1024 * 1024
LARGEST_HEADER = 64 * 1024
MOST_COLUMNS = 500
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Only these are named in a message: what follows the last dot of a file's name may be a pupil's.
KNOWN_KINDS = (".xlsx", ".xls", ".ods", ".pdf", ".docx", ".parquet", ".txt", ".tsv", ".zip", ".xml")


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
    to_archive: bool = False

    @property
    def data_lines(self) -> int:
        """Physical lines after the header."""
        return max(self.scan.lines - 1, 0)


def export_files(exports: Path) -> list[Path]:
    """Files below `exports/`, in an order that is the same everywhere.

    Left out: hidden files, and the `~$` twin that Excel keeps beside a workbook that is open. A
    folder that cannot be looked into, or is a link to another, is named as if it were a file, so
    that reading it is refused and nobody takes its content for loaded.
    """
    found: list[Path] = []

    def closed(wrong: OSError) -> None:
        if exports.exists():
            found.append(Path(wrong.filename))

    for folder, folders, names in os.walk(exports, onerror=closed):
        here = Path(folder)
        folders[:] = [f for f in folders if not f.startswith((".", "~$"))]
        found += [here / f for f in folders if (here / f).is_symlink()]
        found += [
            here / n
            for n in names
            if not n.startswith((".", "~$"))
            and n.lower() not in ("thumbs.db", "desktop.ini")
            and not _is_device(here / n)
        ]
    return sorted(found, key=_place)


def _place(path: Path) -> tuple[str, str]:
    """Without its ending, so that `a (corrected).csv` comes after `a.csv`, which it corrects."""
    return path.with_suffix("").as_posix().casefold(), path.as_posix()


def _is_device(path: Path) -> bool:
    """A pipe, a socket: opening one could wait for ever."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def receive(path: Path, exports: Path, incoming: Path, number: int) -> Received:
    """Copy a file into `incoming` and look at it. Never raises for what a file holds."""
    name = path.relative_to(exports).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")
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
        kind = f"a file of the kind '{suffix}'" if suffix in KNOWN_KINDS else "another kind of file"
        raise ExportRefused(
            f"{kind} was found where CSV was expected. "
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
    if not any(h.strip() for h in header):
        raise ExportRefused(
            "line 1: it is blank; the headings were expected there. Take the blank line out, or "
            "export it again."
        )
    if len(header) > MOST_COLUMNS:
        raise ExportRefused(
            f"line 1: {len(header):,} columns were found; a standard export has at most "
            f"{len(standard_columns())}, and others are left aside. Take the columns that are not "
            f"wanted out and send it again."
        )
    if len(header) < 2:
        other = next((c for c in ";\t|" if c in text.split("\n", 1)[0]), None)
        told = {";": "semicolons", "\t": "tabs", "|": "bars"}.get(other or "", "")
        raise ExportRefused(
            f"line 1: one column was found{f', with {told} in it' if told else ''}; columns "
            f"separated by commas were expected. Export it as CSV with commas."
        )
    return header
