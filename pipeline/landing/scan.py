"""What a delimited file looks like physically, counted without a CSV parser, in one pass.

Quotation marks toggle; a line end outside them ends a row. A file in which every row is one line
of as many fields as the header, and every quotation mark stands where one may, is *plain*: a fast
parser may read it and its lines are known. Any other goes to the exact reader. Either way the rows
counted here are what the parser's are held against. It is *tidy* where no field has a blank at
either end, so that nothing need be trimmed.
"""

from dataclasses import dataclass, field

import numpy as np

QUOTE, NEWLINE, RETURN, SPACE = 34, 10, 13, 32
# A longer line may hold a field that is too long: the exact reader looks at each.
LONGEST_PLAIN = 32_767
# Where two line ends are in stretches of this length that adjoin, the line between is no longer.
STRETCH = LONGEST_PLAIN // 2
# The tab, and what blanks beyond ASCII begin with in UTF-8 (and some that are none).
OTHER_BLANKS = (b"\t", b"\xc2\xa0", b"\xe1\x9a", b"\xe2\x80", b"\xe2\x81", b"\xe3\x80")


@dataclass
class Scan:
    """Feed it the file's bytes in order, then call `finish`."""

    delimiter: int = ord(",")
    lines: int = 0
    plain: bool = True
    tidy: bool = True
    open_quote: bool = False
    # Of each row: given by the headings, else taken from the first row.
    fields: int | None = None
    size: int = 0
    _last: int = NEWLINE
    _end: bytes = b""
    _partial: int = 0
    _partial_bytes: int = 0
    _closes: bool = False
    _others: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        self._others = bytes(set(range(256)) - {self.delimiter, NEWLINE})

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the file; a chunk should not be empty."""
        self.size += len(chunk)
        block = np.frombuffer(chunk, dtype=np.uint8)
        self._lone_returns(chunk)
        if not self.plain:
            self.lines += chunk.count(b"\n")
            self.open_quote ^= bool(chunk.count(b'"') % 2)
        elif self.open_quote or self._closes or self.fields is None or QUOTE in chunk:
            self._shape(block)
        else:
            self._unquoted_shape(chunk, block)
        if self.plain and self.tidy:
            self._blanks(chunk, block)
        self._last = chunk[-1]

    def finish(self) -> None:
        """Call after the last bytes."""
        if self._last == RETURN:
            self.lines += 1
            self.plain = False
        elif self._last != NEWLINE:
            self.lines += 1
            self._row_widths(np.array([self._partial]))
            self.plain &= self._partial_bytes <= LONGEST_PLAIN
            self.tidy &= self._last != SPACE
        self.plain &= not self.open_quote and self.lines > 0
        self.tidy &= self.plain

    def _lone_returns(self, chunk: bytes) -> None:
        """Old Macintosh line ends: a return without a newline ends a line too."""
        lone = int(self._last == RETURN and not chunk.startswith(b"\n"))
        if RETURN in chunk:
            lone += chunk.count(b"\r") - chunk.count(b"\r\n") - chunk.endswith(b"\r")
        self.lines += lone
        self.plain &= not lone

    def _unquoted_shape(self, chunk: bytes, block: np.ndarray) -> None:
        """Delimiters and line ends alone, in the order in which rows of one width have them."""
        assert self.fields is not None
        delimiter = bytes([self.delimiter])
        found = delimiter * self._partial + chunk.translate(None, self._others)
        rows, self._partial = divmod(len(found), self.fields)
        row = delimiter * (self.fields - 1) + b"\n"
        if self.fields > 1 and found == row * rows + delimiter * self._partial:
            self.lines += rows
            self._lengths_of_filled_rows(chunk, block)
        else:
            self.lines += found.count(b"\n")
            self.plain = False

    def _shape(self, block: np.ndarray) -> None:
        newlines = np.flatnonzero(block == NEWLINE)
        self.lines += len(newlines)
        delimiters = np.flatnonzero(block == self.delimiter)
        quotes = np.flatnonzero(block == QUOTE)
        if len(quotes) or self.open_quote:
            inside_newlines = (np.searchsorted(quotes, newlines) + self.open_quote) % 2 == 1
            inside_delimiters = (np.searchsorted(quotes, delimiters) + self.open_quote) % 2 == 1
            self.plain &= not inside_newlines.any()
            delimiters = delimiters[~inside_delimiters]
        self._quotes_in_place(block, quotes)
        before = np.searchsorted(delimiters, newlines)
        widths = np.diff(before, prepend=0)
        if len(newlines):
            widths[0] += self._partial
            self._row_widths(widths)
            self._partial = len(delimiters) - int(before[-1])
        else:
            self._partial += len(delimiters)
        self._row_lengths(newlines, len(block))

    def _quotes_in_place(self, block: np.ndarray, quotes: np.ndarray) -> None:
        """A mark that opens stands at the start of a field or after one that closes, and one that
        closes at the end of a field or before one that opens: parsers differ on any other."""
        may_open = (self.delimiter, NEWLINE, QUOTE)
        may_close = (*may_open, RETURN)
        if self._closes:
            self.plain &= int(block[0]) in may_close
        opens, closes = quotes[self.open_quote :: 2], quotes[not self.open_quote :: 2]
        before = np.append(np.uint8(self._last), block)[opens]
        self.plain &= bool(np.isin(before, may_open).all())
        self._closes = bool(len(closes)) and int(closes[-1]) == len(block) - 1
        after = block[closes[:-1] + 1 if self._closes else closes + 1]
        self.plain &= bool(np.isin(after, may_close).all())
        self.open_quote ^= bool(len(quotes) % 2)

    def _blanks(self, chunk: bytes, block: np.ndarray) -> None:
        """Whether a field begins or ends with a blank, or holds one that is read as another."""
        others = OTHER_BLANKS[self.delimiter == ord("\t") :]
        cut_in_two = self._end + chunk[:2]
        self._end = (self._end + chunk)[-2:] if len(chunk) < 2 else chunk[-2:]
        if any(blank in cut_in_two or (blank[0] in chunk and blank in chunk) for blank in others):
            self.tidy = False
            return
        ends = (self.delimiter, NEWLINE, RETURN, QUOTE)
        space, end = block == SPACE, block == self.delimiter
        for other in ends[1:]:
            if other in chunk:
                end |= block == other
        cut = (self._last == SPACE and end[0]) or (space[0] and self._last in ends)
        self.tidy = not (cut or (space[1:] & end[:-1]).any() or (space[:-1] & end[1:]).any())

    def _row_widths(self, delimiters_in_row: np.ndarray) -> None:
        if self.fields is None:
            self.fields = int(delimiters_in_row[0]) + 1
        self.plain &= bool((delimiters_in_row == self.fields - 1).all()) and self.fields > 1

    def _row_lengths(self, newlines: np.ndarray, size: int) -> None:
        if not len(newlines):
            self._partial_bytes += size
            return
        lengths = np.diff(newlines, prepend=-1) - 1
        lengths[0] += self._partial_bytes
        self.plain &= bool((lengths > 0).all() and (lengths <= LONGEST_PLAIN).all())
        self._partial_bytes = size - int(newlines[-1]) - 1

    def _lengths_of_filled_rows(self, chunk: bytes, block: np.ndarray) -> None:
        """None is empty, so only those that may be too long need be looked at one by one."""
        first, whole = chunk.find(b"\n"), range(0, len(chunk) - STRETCH + 1, STRETCH)
        if first < 0 or any(chunk.find(b"\n", at, at + STRETCH) < 0 for at in whole):
            self._row_lengths(np.flatnonzero(block == NEWLINE), len(chunk))
            return
        self.plain &= self._partial_bytes + first <= LONGEST_PLAIN
        self._partial_bytes = len(chunk) - chunk.rfind(b"\n") - 1
