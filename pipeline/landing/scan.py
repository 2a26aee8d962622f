"""What a delimited file looks like physically, counted without a CSV parser, in one pass.

Quotation marks toggle; a line end outside them ends a row. A file in which every row is one line
of as many fields as the header is *plain*: DuckDB may read it and its lines are known. Any other
goes to the exact reader. Either way the rows counted here are what the parser's are held against.
"""

from dataclasses import dataclass

import numpy as np

QUOTE, NEWLINE, RETURN = 34, 10, 13
# A longer line may hold a field that is too long: the exact reader looks at each.
LONGEST_PLAIN = 32_767


@dataclass
class Scan:
    """Feed it the file's bytes in order, then call `finish`."""

    delimiter: int = ord(",")
    lines: int = 0
    plain: bool = True
    open_quote: bool = False
    # Of each row: given by the headings, else taken from the first row.
    fields: int | None = None
    size: int = 0
    _ends_with_newline: bool = True
    _after_return: bool = False
    _partial: int = 0
    _partial_bytes: int = 0

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the file; a chunk should not be empty."""
        self.size += len(chunk)
        self.lines += chunk.count(b"\n")
        self._lone_returns(chunk)
        self._ends_with_newline = chunk.endswith(b"\n")
        self._shape(np.frombuffer(chunk, dtype=np.uint8))

    def finish(self) -> None:
        """Call after the last bytes."""
        if self._after_return:
            self.lines += 1
            self.plain = False
        elif not self._ends_with_newline:
            self.lines += 1
            self._row_widths(np.array([self._partial]))
            self.plain &= self._partial_bytes <= LONGEST_PLAIN
        self.plain &= not self.open_quote and self.lines > 0

    def _lone_returns(self, chunk: bytes) -> None:
        """Old Macintosh line ends: a return without a newline ends a line too."""
        lone = chunk.count(b"\r") - chunk.count(b"\r\n") - chunk.endswith(b"\r")
        lone += self._after_return and not chunk.startswith(b"\n")
        self._after_return = chunk.endswith(b"\r")
        self.lines += lone
        self.plain &= not lone

    def _shape(self, block: np.ndarray) -> None:
        if not self.plain:
            self.open_quote ^= bool(np.count_nonzero(block == QUOTE) % 2)
            return
        newlines = np.flatnonzero(block == NEWLINE)
        delimiters = np.flatnonzero(block == self.delimiter)
        quotes = np.flatnonzero(block == QUOTE)
        if len(quotes) or self.open_quote:
            inside_newlines = (np.searchsorted(quotes, newlines) + self.open_quote) % 2 == 1
            inside_delimiters = (np.searchsorted(quotes, delimiters) + self.open_quote) % 2 == 1
            self.plain &= not inside_newlines.any()
            delimiters = delimiters[~inside_delimiters]
            self.open_quote ^= bool(len(quotes) % 2)
        before = np.searchsorted(delimiters, newlines)
        widths = np.diff(before, prepend=0)
        if len(newlines):
            widths[0] += self._partial
            self._row_widths(widths)
            self._row_lengths(newlines)
            self._partial = len(delimiters) - int(before[-1])
            self._partial_bytes = len(block) - int(newlines[-1]) - 1
        else:
            self._partial += len(delimiters)
            self._partial_bytes += len(block)

    def _row_widths(self, delimiters_in_row: np.ndarray) -> None:
        if self.fields is None:
            self.fields = int(delimiters_in_row[0]) + 1
        self.plain &= bool((delimiters_in_row == self.fields - 1).all()) and self.fields > 1

    def _row_lengths(self, newlines: np.ndarray) -> None:
        lengths = np.diff(newlines, prepend=-1) - 1
        lengths[0] += self._partial_bytes
        self.plain &= bool((lengths > 0).all() and (lengths <= LONGEST_PLAIN).all())
