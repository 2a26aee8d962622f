"""The older container of Office files (OLE2): its streams, read without trusting its chains.

Format: Microsoft's open specification MS-CFB. Each chain is followed for as many sectors as the
file has and no more, so that a ring of sectors is refused and never followed for ever.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ExportRefused

OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DAMAGED = "the workbook is damaged or was not written to its end. Export it again and send it."
# Excel 97 to 2003 itself stops at 65,536 rows of 256 columns, far below.
LARGEST = 256 * 1024 * 1024
LAST_SECTOR, END_OF_CHAIN = 0xFFFFFFFA, 0xFFFFFFFE
SMALL_STREAM = 4096


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


def stream_names(copy: Path) -> set[str]:
    """Names of the streams, in lower case. Raises ExportRefused where the file is damaged."""
    return {entry.name for entry in _Container(copy).entries}


def stream(copy: Path, *names: str) -> bytes:
    """The first of the named streams that exists, and a check that all chains end."""
    container = _Container(copy)
    for entry in container.entries:
        container.content(entry)
    for name in names:
        for entry in container.entries:
            if entry.name == name and entry.kind == 2:
                return container.content(entry)
    raise ExportRefused(DAMAGED)


class _Container:
    def __init__(self, copy: Path) -> None:
        if copy.stat().st_size > LARGEST:
            raise ExportRefused(
                f"the workbook is larger than {LARGEST // 1024 // 1024} MB. "
                f"Export it as CSV and send that."
            )
        self.raw = copy.read_bytes()
        try:
            self._open()
        except (struct.error, IndexError, OverflowError):
            raise ExportRefused(DAMAGED) from None

    def _open(self) -> None:
        shift, small_shift = struct.unpack_from("<HH", self.raw, 30)
        if (shift, small_shift) not in ((9, 6), (12, 6)):
            raise ExportRefused(DAMAGED)
        self.sector = 1 << shift
        self.sectors = len(self.raw) // self.sector + 1
        directory, _, _, small_table, small_count = struct.unpack_from("<IIIII", self.raw, 48)
        self.table: list[int] = []
        for at in self._table_sectors():
            self.table += self._numbers(self._sector(at))
        self.small: bytes = b""
        self.small_table: list[int] = []
        self.entries = list(self._entries(self._chain(directory)))
        root = next((e for e in self.entries if e.kind == 5), None)
        if root and small_count:
            self.small_table = self._numbers(self._chain(small_table))
            self.small = self._chain(root.start)[: root.size]

    def _table_sectors(self) -> list[int]:
        """Where the table of chains lies: 109 sectors named in the header, others in a chain."""
        found = list(struct.unpack_from("<109I", self.raw, 76))
        further = struct.unpack_from("<I", self.raw, 68)[0]
        for _ in range(self.sectors):
            if further >= LAST_SECTOR:
                break
            *more, further = self._numbers(self._sector(further))
            found += more
        else:
            raise ExportRefused(DAMAGED)
        found = [at for at in found if at < LAST_SECTOR]
        if len(found) > self.sectors:
            raise ExportRefused(DAMAGED)
        return found

    def _sector(self, at: int) -> bytes:
        start = (at + 1) * self.sector
        if start >= len(self.raw):
            raise ExportRefused(DAMAGED)
        return self.raw[start : start + self.sector]

    def _numbers(self, raw: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))

    def _chain(self, at: int) -> bytes:
        found: list[bytes] = []
        while at < LAST_SECTOR:
            if len(found) > self.sectors or at >= len(self.table):
                raise ExportRefused(DAMAGED)
            found.append(self._sector(at))
            at = self.table[at]
        if at != END_OF_CHAIN:
            raise ExportRefused(DAMAGED)
        return b"".join(found)

    def _entries(self, raw: bytes) -> list[_Entry]:
        found = []
        for at in range(0, len(raw) - 127, 128):
            kind, start, size = raw[at + 66], *struct.unpack_from("<II", raw, at + 116)
            name = raw[at : at + 64].decode("utf-16-le", "replace").split("\0", 1)[0].lower()
            if kind in (2, 5):
                found.append(_Entry(name, kind, start, size))
        return found

    def content(self, entry: _Entry) -> bytes:
        """The bytes of a stream; small ones lie in sectors of 64 bytes within another."""
        if entry.size == 0:
            return b""
        if entry.size >= SMALL_STREAM or entry.kind == 5:
            whole = self._chain(entry.start)
        else:
            found, at = list[bytes](), entry.start
            while at != END_OF_CHAIN:
                if len(found) > len(self.small_table) or at >= len(self.small_table):
                    raise ExportRefused(DAMAGED)
                found.append(self.small[at * 64 : at * 64 + 64])
                at = self.small_table[at]
            whole = b"".join(found)
        if len(whole) < entry.size:
            raise ExportRefused(DAMAGED)
        return whole[: entry.size]
