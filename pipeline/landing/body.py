"""A delimited text file: its first rows, and where its data begins once the headings are known."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import ExportRefused
from pipeline.landing.scan import Scan

# Larger ones cost more: the system clears their room each time.
CHUNK = 256 * 1024
LARGEST_HEAD = 256 * 1024
HEAD_ROWS = 40
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
csv.field_size_limit(1024 * 1024)


@dataclass
class Body:
    """UTF-8 text with one delimiter. `first_line` is the physical line on which its data begins.

    `head` has the rows from the top, each at the place of the line it starts on, less one.
    """

    path: Path
    delimiter: str
    head: list[list[str]]
    head_ends: list[int] = field(repr=False)
    width: int = 0
    first_line: int = 2
    offset: int = 0
    scan: Scan = field(default_factory=Scan)

    @property
    def data_lines(self) -> int:
        return self.scan.lines

    def begin_after(self, header_at: int, header_rows: int) -> None:
        """Settle where the data begins, and scan it. Raises ExportRefused where it is no text."""
        last = header_at + header_rows - 1
        self.width = max(len(self.head[i]) for i in range(header_at, last + 1))
        self.first_line = self.head_ends[last] + 1
        self.offset = _offset_of_line(self.path, self.first_line)
        self.scan = Scan(delimiter=ord(self.delimiter), fields=self.width)
        with self.path.open("rb") as source:
            source.seek(self.offset)
            while chunk := source.read(CHUNK):
                self.scan.feed(chunk)
        self.scan.finish()


def read_head(path: Path, delimiter: str) -> Body:
    """The first rows of a text, with the physical lines they stand on."""
    with path.open("rb") as file:
        start = file.read(LARGEST_HEAD).removeprefix(BYTE_ORDER_MARK)
    text = start.decode("utf-8", errors="ignore")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    ends: list[int] = []
    at = 0
    try:
        for row in reader:
            # A row of several lines leaves blank places, so that place and line stay together.
            rows += [row] + [[]] * (reader.line_num - at - 1)
            ends += [reader.line_num] * (reader.line_num - at)
            at = reader.line_num
            if len(rows) >= HEAD_ROWS:
                break
    except csv.Error:
        raise ExportRefused(
            f"line {at + 1}: what begins there cannot be read as a row of a table. Export the "
            f"file again."
        ) from None
    return Body(path, delimiter, rows, ends)


def _offset_of_line(path: Path, line: int) -> int:
    """Bytes before a physical line, counted from 1; the end of the file where it is not there."""
    offset, at = 0, 1
    with path.open("rb") as file:
        if file.read(3) == BYTE_ORDER_MARK:
            offset = 3
        file.seek(offset)
        block = file.read(LARGEST_HEAD + 4)
    place = 0
    while at < line:
        ends = [i for i in (block.find(b"\n", place), block.find(b"\r", place)) if i >= 0]
        if not ends:
            return offset + len(block)
        end = min(ends)
        place = end + (2 if block[end : end + 2] == b"\r\n" else 1)
        at += 1
    return offset + place
