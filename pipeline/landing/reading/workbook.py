"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS): every sheet as rows of text with their row numbers."""

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pipeline
from pipeline.errors import Defect, ExportRefused
from pipeline.landing.reading import workbook_process
from pipeline.landing.reading.archive import DAMAGED, MEGABYTE, opened, pieces
from pipeline.landing.reading.grid import Grid
from pipeline.landing.reading.kinds import Kind
from pipeline.landing.reading.ole import OLE_START, stream
from pipeline.landing.reading.seen import Box, Seen, refuse_too_large
from pipeline.landing.reading.sheet_parts import Parts
from pipeline.landing.reading.sheet_records import xls_sheets
from pipeline.landing.reading.sheet_xml import XmlPart

# All parts of a workbook together, unpacked: five million cells take 30 bytes each.
LARGEST = 192 * MEGABYTE
# The XML of a sheet shrinks to a tenth, of formatted blank rows to a thirtieth.
SWELLING = 200
# Parts that hold no cells of a sheet, and are not even unpacked.
UNREAD = ("xl/media/", "xl/drawings/", "xl/charts/", "xl/pivotcache/", "xl/vbaproject.bin")
ODS_READ = ("mimetype", "content.xml", "meta-inf/manifest.xml")
# A damaged workbook may keep the library busy for ever. Honest ones take a tenth of this.
SECONDS, SLOWEST = 8, 2 * MEGABYTE
BOOTSTRAP = (
    "import sys; sys.path[:0] = sys.argv[1:-1]; "
    "from pipeline.landing.reading.workbook_process import main; sys.exit(main())"
)


@dataclass(frozen=True)
class Sheet(Grid):
    """A sheet. All rows are equally long and begin with column A; blank rows after the last are
    left out, those between are kept.

    Of merged cells the first holds the value; `merged` names them as (first line, first column,
    last line, last column), lines as in `lines` and columns as places in a row, from 0.
    """

    merged: tuple[Box, ...] = ()
    hidden: bool = False


def sheets(copy: Path) -> list[Sheet]:
    """The sheets of a workbook, in its order, hidden and blank ones included, charts not.

    Raises ExportRefused where it is damaged, protected by a password or too large.
    """
    with copy.open("rb") as file:
        is_ole = file.read(8) == OLE_START
    if is_ole:
        seen = xls_sheets(stream(copy, "workbook", "book"))
        refuse_too_large(seen)
        return _read(copy, copy.stat().st_size, seen)
    plain = copy.with_name(f"{copy.name}.plain")
    try:
        size, seen = _unpacked(copy, plain)
        return _read(plain, size, seen)
    finally:
        plain.unlink(missing_ok=True)


def _unpacked(copy: Path, plain: Path) -> tuple[int, list[Seen]]:
    """Write the parts that matter to a plain archive, and see what they hold.

    Only what was seen here is read afterwards: an archive can show one reader other parts than
    another.
    """
    parts = Parts()
    with opened(copy) as archive, zipfile.ZipFile(plain, "w") as target:
        for member in _members(archive):
            name = member.filename
            part = None if name.endswith(".bin") or name == "mimetype" else XmlPart(parts.shared)
            whole: list[bytes] = []
            with target.open(zipfile.ZipInfo(name), "w", force_zip64=True) as out:
                for piece in pieces(archive, member, LARGEST - parts.size, SWELLING):
                    out.write(piece)
                    parts.size += len(piece)
                    if part:
                        part.feed(piece)
                    else:
                        whole.append(piece)
            if part:
                part.finish()
                parts.take_xml(name.lower(), part)
            else:
                parts.take_binary(name.lower(), b"".join(whole))
    refuse_too_large(parts.tables or list(parts.sheets.values()))
    return parts.size, parts.in_order()


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The parts to look at, shared texts before the sheets whose cells show them."""
    names = [m.filename.lower() for m in archive.infolist()]
    if len(set(names)) < len(names):
        raise ExportRefused(DAMAGED)
    ods = "content.xml" in names
    found = [
        member
        for member, name in zip(archive.infolist(), names, strict=True)
        if name in ODS_READ
        or (not ods and name.endswith((".xml", ".rels", ".bin")) and not name.startswith(UNREAD))
    ]
    return sorted(found, key=lambda m: "sharedstrings." not in m.filename.lower())


def _read(path: Path, size: int, seen: list[Seen]) -> list[Sheet]:
    """Let the library read it, in a process of its own, and put in what it leaves out."""
    seconds = SECONDS + size / SLOWEST
    # The other end is held as long as this process lives, so that the reader ends with it.
    kept_open, held = os.pipe()
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", BOOTSTRAP, *_import_from(), str(path)],
            stdin=kept_open,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        raise ExportRefused(
            f"the workbook could not be read within {seconds:.0f} seconds, so it is damaged or "
            f"far larger than it looks. Export it as CSV and send that."
        ) from None
    finally:
        os.close(kept_open)
        os.close(held)
    if done.returncode == workbook_process.LOCKED:
        raise ExportRefused(Kind.LOCKED.refusal or "")
    if done.returncode == 1:
        raise Defect("the process that reads workbooks did not start.")
    if done.returncode:
        raise ExportRefused(DAMAGED)
    lines = iter(done.stdout.splitlines())
    found = []
    for about in map(json.loads, lines):
        number = about["sheet"]
        batches = -(-about["rows"] // workbook_process.BATCH)
        rows = [row for line in islice(lines, batches) for row in json.loads(line)]
        if number >= len(seen):
            raise ExportRefused(DAMAGED)
        found.append(_sheet(about, rows, seen[number]))
    return found


def _sheet(about: dict[str, Any], rows: list[list[str]], seen: Seen) -> Sheet:
    top, left = about["start"]
    width = max([left + len(rows[0]) if rows else 0, *(c + 1 for _, c in seen.errors)])
    rows = [[*[""] * left, *row, *[""] * (width - left - len(row))] for row in rows]
    for (row, column), text in seen.errors.items():
        rows = [[""] * width for _ in range(top - row)] + rows
        top = min(top, row)
        rows += [[""] * width for _ in range(row - top - len(rows) + 1)]
        rows[row - top][column] = text
    while rows and not any(rows[-1]):
        rows.pop()
    boxes = {(a, b, c, d) for (a, b), (c, d) in about["merged"]} | set(seen.merged)
    merged = tuple((a + 1, b, c + 1, d) for a, b, c, d in sorted(boxes))
    lines = list(range(top + 1, top + 1 + len(rows)))
    return Sheet(rows, lines, about["name"], merged, about["hidden"])


def _import_from() -> list[str]:
    """Where the process finds this package and the library, and nothing else."""
    library = importlib.util.find_spec("python_calamine")
    if not library or not library.origin:
        raise Defect("python-calamine, which reads workbooks, is not installed.")
    return [str(Path(file).parents[1]) for file in (pipeline.__file__, library.origin)]


def fill_down(sheet: Sheet) -> Grid:
    """The sheet with the value of cells that are merged downwards in each of their rows.

    Cells merged across only, such as a title or a heading over several columns, stay as they are.
    """
    place = {line: i for i, line in enumerate(sheet.lines)}
    rows = sheet.rows
    for top, left, bottom, right in sheet.merged:
        if bottom == top or top not in place or left >= len(rows[place[top]]):
            continue
        value = rows[place[top]][left]
        for line in range(top + 1, bottom + 1):
            if line in place and right == left:
                rows[place[line]][left] = value
    return Grid(rows, sheet.lines, sheet.part)
