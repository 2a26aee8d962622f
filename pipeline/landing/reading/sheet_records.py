"""The binary records of workbooks (XLS, XLSB), walked once before the workbook is read.

Formats: Microsoft's open specifications MS-XLS and MS-XLSB. Only the records that say where a cell
stands, that it is an error, or which cells are merged are looked into.
"""

import struct
from collections.abc import Iterator

from pipeline.errors import ExportRefused
from pipeline.landing.reading.kinds import Kind
from pipeline.landing.reading.ole import DAMAGED
from pipeline.landing.reading.seen import Seen

# MS-XLS 2.3
BOF, EOF, PASSWORD, SHEET, DIMENSIONS = 0x0809, 0x000A, 0x002F, 0x0085, 0x0200
CELLS = {0x0203, 0x0204, 0x00FD, 0x027E, 0x00D6, 0x0205, 0x0006, 0x0206, 0x0406, 0x00BD}
MANY_NUMBERS, BOOL_OR_ERROR, FORMULAS = 0x00BD, 0x0205, {0x0006, 0x0206, 0x0406}
# MS-XLSB 2.3
ROW, CELL_ERROR, CELL_SHARED, FORMULA_ERROR, CELL_RICH = 0, 3, 7, 11, 62
SHARED_TEXT, SHEET_NAME, MERGED = 19, 156, 176
# The record that begins a sheet (129); settings of printers are binary parts too.
SHEET_START = b"\x81\x01"


def xls_sheets(raw: bytes) -> list[Seen]:
    """The sheets of an XLS, in its order; charts and macros, which hold no cells, are blank."""
    try:
        starts = []
        for kind, at, size in _xls_records(raw, 0):
            if kind == PASSWORD:
                raise ExportRefused(Kind.LOCKED.refusal or "")
            if kind == SHEET and size >= 6:
                starts.append(struct.unpack_from("<I", raw, at)[0])
        return [_xls_sheet(raw, start) for start in starts]
    except (struct.error, IndexError):
        raise ExportRefused(DAMAGED) from None


def _xls_records(raw: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Records from a BOF to its EOF, those of charts drawn in between left out."""
    depth = 0
    while at + 4 <= len(raw):
        kind, size = struct.unpack_from("<HH", raw, at)
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, at + 4, min(size, len(raw) - at - 4)
        at += 4 + size
    raise ExportRefused(DAMAGED)


def _xls_sheet(raw: bytes, start: int) -> Seen:
    seen = Seen()
    for kind, at, size in _xls_records(raw, start):
        if kind == DIMENSIONS and size >= 14:
            _, rows, _, columns = struct.unpack_from("<IIHH", raw, at)
            # What it claims is made room for, so it may claim no more than such a sheet can hold.
            if rows > 65_536 or columns > 256:
                raise ExportRefused(DAMAGED)
        if kind not in CELLS or size < 6:
            continue
        row, column = struct.unpack_from("<HH", raw, at)
        last = column
        if kind == MANY_NUMBERS:
            last = struct.unpack_from("<H", raw, at + size - 2)[0]
        elif kind == BOOL_OR_ERROR and raw[at + 7]:
            seen.error(row, column, raw[at + 6])
        elif kind in FORMULAS and raw[at + 12 : at + 14] == b"\xff\xff" and raw[at + 6] == 2:
            seen.error(row, column, raw[at + 8])
        seen.cell(row, max(last, column))
    return seen


def _xlsb_records(raw: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind and size are numbers of one to four bytes, seven bits in each."""
    at, end = 0, len(raw)
    while at < end:
        kind = raw[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (raw[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        for _ in range(4):
            byte = raw[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        if at + size > end:
            raise ExportRefused(DAMAGED)
        yield kind, at, size
        at += size


def xlsb_strings(raw: bytes) -> list[int]:
    """Lengths of the texts that cells share."""
    return [size // 2 for kind, _, size in _checked(raw) if kind == SHARED_TEXT]


def xlsb_sheet(raw: bytes, shared: list[int]) -> Seen:
    """The sheet in a part that starts with SHEET_START."""
    seen, row = Seen(), 0
    try:
        for kind, at, size in _checked(raw):
            if kind == ROW:
                row = struct.unpack_from("<I", raw, at)[0]
            elif (2 <= kind <= FORMULA_ERROR or kind == CELL_RICH) and size >= 8:
                column = struct.unpack_from("<I", raw, at)[0]
                seen.cell(row, column)
                if kind in (CELL_ERROR, FORMULA_ERROR):
                    seen.error(row, column, raw[at + 8])
                elif kind == CELL_SHARED:
                    text = struct.unpack_from("<I", raw, at + 8)[0]
                    seen.letters += shared[text] if text < len(shared) else 0
            elif kind == MERGED:
                top, bottom, left, right = struct.unpack_from("<IIII", raw, at)
                seen.merged.append((top, left, bottom, right))
    except (struct.error, IndexError):
        raise ExportRefused(DAMAGED) from None
    return seen


def xlsb_order(raw: bytes) -> list[str]:
    """The relation by which each sheet is found, in the workbook's order."""
    found = []
    try:
        for kind, at, _ in _checked(raw):
            if kind == SHEET_NAME:
                letters = struct.unpack_from("<I", raw, at + 8)[0]
                found.append(raw[at + 12 : at + 12 + 2 * letters].decode("utf-16-le"))
    except (struct.error, UnicodeDecodeError):
        raise ExportRefused(DAMAGED) from None
    return found


def _checked(raw: bytes) -> Iterator[tuple[int, int, int]]:
    try:
        yield from _xlsb_records(raw)
    except IndexError:
        raise ExportRefused(DAMAGED) from None
