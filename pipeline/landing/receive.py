"""Take files in: copied and hashed in one pass, so that what is judged is what is kept."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import ExportRefused
from pipeline.landing.body import read_head
from pipeline.landing.layouts.columns import heading_key
from pipeline.landing.layouts.find import find_layout
from pipeline.landing.layouts.model import LayoutFile
from pipeline.landing.layouts.path import KnownSchool, contradiction, place_of, said_by_path
from pipeline.landing.layouts.told import contradicted, nearly, unsaid_of_ctf
from pipeline.landing.layouts.words import by_key
from pipeline.landing.reading.ctf import CtfTable, read_ctf
from pipeline.landing.reading.ctf_results import CtfResults
from pipeline.landing.reading.grid import Grid
from pipeline.landing.reading.kinds import Kind, kind_of
from pipeline.landing.reading.parquet import parquet_grid
from pipeline.landing.reading.text import decode, delimiter_of, separator_line
from pipeline.landing.reading.workbook import fill_down, sheets
from pipeline.landing.reading.zips import members
from pipeline.landing.received import Received

# Larger ones cost more: the system clears their room each time.
CHUNK = 1024 * 1024
SAMPLE = 64 * 1024
SUFFIXES = {
    Kind.TEXT: ".csv",
    Kind.XLSX: ".xlsx",
    Kind.XLS: ".xls",
    Kind.ODS: ".ods",
    Kind.PARQUET: ".parquet",
    Kind.XML: ".xml",
}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
IDENTITIES = ("upn", "admission_number", "surname", "forename", "full_name")


@dataclass(frozen=True)
class Reading:
    """What files are read with: layouts, schools that paths may name, meanings of CTF results."""

    layouts: tuple[LayoutFile, ...]
    schools: tuple[KnownSchool, ...] = ()
    ctf: CtfResults | None = None


def take_in(path: Path, name: str, copy: Path) -> Received:
    """Copy and hash a file. A file that cannot be read has a refusal; never raises for it."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as source, copy.open("wb") as target, ThreadPoolExecutor(1) as beside:
            while chunk := source.read(CHUNK):
                # A small file is hashed sooner than a thread begins.
                hashed = beside.submit(digest.update, chunk) if len(chunk) == CHUNK else None
                target.write(chunk)
                size += len(chunk)
                if hashed:
                    hashed.result()
                else:
                    digest.update(chunk)
    except OSError as wrong:
        refusal = (
            f"cannot be read ({wrong.strerror or 'input error'}). It may be open in another "
            f"program, or a link whose target is gone; close it there or copy it again."
        )
        return Received(name, "", copy, refusal=refusal)
    return Received(name, digest.hexdigest(), copy, size)


def understand(file: Received, reading: Reading) -> list[Received]:
    """What a file holds: one table, or several. Never raises for what a file holds."""
    if file.refusal:
        return [file]
    try:
        kind = kind_of(file.copy, file.size)
        if kind is Kind.ZIP:
            return _of_zip(file, reading)
        if kind not in SUFFIXES:
            raise ExportRefused(kind.refusal or "it is of a kind that is not read.")
        file.suffix = SUFFIXES[kind]
        if kind is Kind.TEXT:
            _read_text(file, reading)
        elif kind is Kind.XML:
            _read_xml(file, reading)
        elif kind is Kind.PARQUET:
            _read_grid(file, parquet_grid(file.copy), reading)
        else:
            return _of_workbook(file, reading)
    except ExportRefused as refused:
        file.refusal = str(refused)
    return [file]


def _read_text(file: Received, reading: Reading) -> None:
    decoded = decode(file.copy, file.copy.with_suffix(".utf8"))
    with decoded.path.open("rb") as text:
        start = text.read(SAMPLE).removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="ignore")
    lines = start.splitlines(keepends=True)
    named = separator_line(lines[0]) if lines else None
    body = read_head(decoded.path, named or delimiter_of(lines))
    file.form = f"text in {ENCODINGS[decoded.encoding]}, {DELIMITERS[body.delimiter]}"
    file.first_rows = body.head
    found = find_layout(body.head, file.path, reading.layouts, reading.schools)
    body.begin_after(found.header_at, found.header_rows)
    file.body, file.found, file.rows_read = body, found, body.data_lines
    file.nearly = nearly(found.match, body.head[found.header_at])
    if not file.rows_read:
        raise ExportRefused("only headings were found, and no rows. Export it again.")


def _read_grid(file: Received, grid: Grid, reading: Reading) -> None:
    head: list[list[str]] = []
    for row, line in zip(grid.rows[:40], grid.lines[:40], strict=True):
        head += [[]] * (line - len(head) - 1) + [row]
    file.first_rows = head
    found = find_layout(head, place_of(file.path, grid.part), reading.layouts, reading.schools)
    last = found.header_at + found.header_rows
    first = next((i for i, line in enumerate(grid.lines) if line > last), len(grid.lines))
    width = len(found.match.columns)
    file.grid = Grid(grid.rows[first:], grid.lines[first:], grid.part)
    file.found, file.rows_read = found, len(file.grid.rows)
    file.nearly = nearly(found.match, (head[found.header_at] + [""] * width)[:width])
    if not file.rows_read:
        raise ExportRefused("only headings were found, and no rows. Export it again.")


def _read_xml(file: Received, reading: Reading) -> None:
    table = read_ctf(file.copy, reading.ctf)
    file.rows_read, file.results_read = table.pupils, table.results
    file.form = _form_of_ctf(table)
    if table.unsure:
        file.notes.append(
            f"of {table.unsure} {'pupil' if table.unsure == 1 else 'pupils'} it says two things "
            f"in one place, and neither was taken"
        )
    if not table.pupils:
        raise ExportRefused("it is a common transfer file without a pupil. Export it again.")
    _share_term(table)
    said = said_by_path(file.path, reading.schools)
    # A pupil without a result and a term is passed over, where others have both.
    with_term = [r for r in table.rows if r["term"]] or table.rows
    lacking = sorted(
        c for c in ("school", "academic_year", "term") if any(not r[c] for r in with_term)
    )
    file.ctf_by_path = tuple((c, said[c]) for c in lacking if c in said)
    differ = contradiction(file.path, reading.schools)
    if differ and differ[0] in lacking:
        raise ExportRefused(contradicted(*differ))
    unsaid = [c for c in lacking if c not in said]
    if unsaid:
        raise ExportRefused(unsaid_of_ctf(unsaid))
    file.ctf = table


def _form_of_ctf(table: CtfTable) -> str:
    version = f"version {table.version}" if table.version else "of no known version"
    lines = "; pupils are counted from 2 in place of lines" if table.numbered_by_pupil else ""
    return f"XML, {', '.join(filter(None, (version, table.qualifier)))}{lines}"


def _share_term(table: CtfTable) -> None:
    """A pupil without results stands for the term of the others, where it is one of this year."""
    terms = {(r["academic_year"], r["term"]) for r in table.rows if r["term"]}
    if len(terms) == 1:
        academic_year, term = terms.pop()
        for row in table.rows:
            if not row["term"] and row["academic_year"] in ("", academic_year):
                row |= {"academic_year": academic_year, "term": term}


def _of_workbook(file: Received, reading: Reading) -> list[Received]:
    """A file for each sheet that holds pupils; the others are left aside where one does.

    So are hidden sheets: what is in them may be old, and whoever sent the workbook does not see it.
    """
    found, hidden, others = [], 0, 0
    for grid in sheets(file.copy):
        sheet = replace(file, part=grid.part, notes=[])
        if grid.hidden:
            hidden += bool(grid.rows)
            continue
        try:
            _read_grid(sheet, fill_down(grid), reading)
        except ExportRefused as refused:
            sheet.refusal = str(refused)
        if not sheet.refusal or _may_hold_pupils(grid):
            found.append(sheet)
        else:
            others += bool(grid.rows)
    if not found:
        raise ExportRefused(
            "no sheet with headings of a pupil (such as UPN, surname, admission number) was "
            "found in the workbook, apart from hidden ones. Export it again."
        )
    found[0].notes += _left_aside(hidden, others)
    return found


def _left_aside(hidden: int, others: int) -> list[str]:
    told = [
        f"{number} {what} of the workbook {'was' if number == 1 else 'were'} left aside"
        for number, what in (
            (hidden, "hidden sheet" if hidden == 1 else "hidden sheets"),
            (others, "sheet without pupils" if others == 1 else "sheets without pupils"),
        )
        if number
    ]
    return [" and ".join(told)] if told else []


def _may_hold_pupils(grid: Grid) -> bool:
    """Whether a heading near the top of a sheet names a pupil, or a cell looks like a UPN."""
    known = by_key("headings")
    for row in grid.rows[:40]:
        named = {known.get(heading_key(cell)) for cell in row} & set(IDENTITIES)
        if len(named) > 1 or named - {"full_name"} or any(_like_upn(cell) for cell in row):
            return True
    return False


def _like_upn(cell: str) -> bool:
    text = cell.replace(" ", "")
    return len(text) == 13 and text[0].isalpha() and text[1:12].isdigit()


def _of_zip(file: Received, reading: Reading) -> list[Received]:
    found = [part for member in zip_members(file) for part in understand(member, reading)]
    if not found:
        raise ExportRefused("the archive holds no file. Zip the exports again.")
    return found


def zip_members(file: Received) -> list[Received]:
    """Each file of a ZIP, unpacked and hashed. Raises ExportRefused where it cannot be opened."""
    into = file.copy.with_suffix(".unzipped")
    into.mkdir()
    found: list[Received] = []
    for member in members(file.copy, into):
        name = f"{file.path}/{member.name}"
        if member.refusal:
            found.append(
                replace(
                    file, path=name, refusal=member.refusal, container_sha256=file.sha256, notes=[]
                )
            )
            continue
        digest = hashlib.sha256()
        with member.copy.open("rb") as content:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
        inner = Received(name, digest.hexdigest(), member.copy, member.copy.stat().st_size)
        inner.container_sha256 = file.sha256
        found.append(inner)
    return found
