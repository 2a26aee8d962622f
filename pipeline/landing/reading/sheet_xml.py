"""The XML of a workbook (XLSX, ODS), seen once as a stream before the workbook is read.

Declarations of document types are refused, and with them every entity that grows or reaches out.
"""

import re
from collections.abc import Callable
from xml.parsers import expat

from pipeline.errors import ExportRefused
from pipeline.landing.reading.archive import DAMAGED
from pipeline.landing.reading.seen import Seen

REFERENCE = re.compile(r"([A-Za-z]{1,7})([0-9]{1,9})")


def column_of(letters: str) -> int:
    """A is 0, Z 25, AA 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def place_of(reference: str) -> tuple[int, int]:
    """Row and column, from 0, of a cell's name such as `B3`."""
    found = REFERENCE.fullmatch(reference)
    if not found or int(found[2]) == 0:
        raise ExportRefused(DAMAGED)
    return int(found[2]) - 1, column_of(found[1])


class XmlPart:
    """One XML file of a workbook: `feed` it, then `finish`; its root says what it was."""

    def __init__(self, shared: list[int]) -> None:
        """`shared` are the lengths of the texts that cells share, empty where all are short."""
        self.root = ""
        self.seen = Seen()
        self.tables: list[Seen] = []
        self.lengths: list[int] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._shared = shared
        self._row = self._column = -1
        self._at = (0, 0)
        self._rows = 1
        self._cell: dict[str, str] = {}
        self._cell_kind: str | None = None
        self._text: list[str] = []
        self._listening = False
        self._columns: dict[str, int] = {}
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._first
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.XmlDeclHandler = self._declared

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.Parse(piece, False)
        except (expat.ExpatError, ValueError, LookupError):
            raise ExportRefused(DAMAGED) from None

    def finish(self) -> None:
        try:
            self._parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError):
            raise ExportRefused(DAMAGED) from None
        if self._listening:
            self._cell_text()

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        """Every spreadsheet program writes UTF-8; another could show two readers two texts."""
        if encoding is not None and encoding.upper() not in ("UTF-8", "US-ASCII"):
            raise ExportRefused(DAMAGED)

    def _refuse(self, *declared: object) -> None:
        raise ExportRefused(
            "the workbook declares entities of its own, which no spreadsheet program writes. "
            "Export it again from the program it came from."
        )

    def _first(self, name: str, attributes: dict[str, str]) -> None:
        """The root element: only the parts that matter are looked at further."""
        self.root = name.rpartition(":")[2]
        starts: dict[str, Callable[[str, dict[str, str]], None]] = {
            "worksheet": self._sheet_start,
            "sst": self._strings_start,
            "document-content": self._ods_start,
            "workbook": self._keep,
            "Relationships": self._keep,
        }
        self._parser.StartElementHandler = starts.get(self.root)
        if self.root == "sst":
            self._parser.CharacterDataHandler = self._strings_text
        if self.root == "document-content":
            self._parser.EndElementHandler = self._ods_end

    def _keep(self, name: str, attributes: dict[str, str]) -> None:
        self.elements.append((name.rpartition(":")[2], attributes))

    def _sheet_start(self, name: str, attributes: dict[str, str]) -> None:
        """Called for each cell and each value: the two commonest come first, without a call."""
        if name == "c":
            if self._listening:
                self._cell_text()
            reference = attributes.get("r")
            if reference:
                letters = reference.rstrip("0123456789")
                if letters in self._columns:
                    self._column = self._columns[letters]
                    self._row = int(reference[len(letters) :] or 0) - 1
                else:
                    self._row, self._column = place_of(reference)
                    self._columns[letters] = self._column
            else:
                self._column += 1
            self._cell_kind = kind = attributes.get("t")
            if kind == "e" or (kind == "s" and self._shared):
                self._listening = True
                self._at = self._row, self._column
                self._parser.CharacterDataHandler = self._text.append
        elif name == "v":
            seen = self.seen
            if self._row >= seen.rows:
                seen.rows = self._row + 1
            if self._column >= seen.columns:
                seen.columns = self._column + 1
            if self._text:
                self._text.clear()
        else:
            self._sheet_other(name, attributes)

    def _sheet_other(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
            if name in ("c", "v"):
                self._sheet_start(name, attributes)
        elif self._listening and name not in ("is", "f"):
            self._cell_text()
        if name in ("is", "f"):
            self.seen.cell(max(self._row, 0), self._column)
            self._text.clear()
        elif name == "row":
            number = attributes.get("r", "")
            self._row = int(number) - 1 if number.isascii() and number.isdigit() else self._row + 1
            self._column = -1
        elif name == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            self.seen.merged.append((*place_of(first), *place_of(last or first)))

    def _cell_text(self) -> None:
        self._listening = False
        self._parser.CharacterDataHandler = None
        text = "".join(self._text).strip()
        self._text.clear()
        if self._cell_kind == "e" and text:
            self.seen.errors[self._at] = text
        elif text.isascii() and text.isdigit() and int(text[:9]) < len(self._shared):
            self.seen.letters += self._shared[int(text[:9])]

    def _strings_start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            self.lengths.append(0)

    def _strings_text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)

    def _ods_start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.tables.append(Seen())
            self._row = 0
        elif not self.tables:
            return
        elif name == "table:table-row":
            self._column = 0
            self._rows = _count(attributes.get("table:number-rows-repeated"))
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell = attributes
            self._text.clear()
            self._parser.CharacterDataHandler = self._text.append

    def _ods_end(self, name: str) -> None:
        if name == "table:table-row" and self.tables:
            self._row += self._rows
        elif name in ("table:table-cell", "table:covered-table-cell") and self.tables:
            self._parser.CharacterDataHandler = None
            self._ods_cell(self.tables[-1], "".join(self._text))
            self._text.clear()

    def _ods_cell(self, seen: Seen, text: str) -> None:
        """A cell, as often as it says that it is repeated to the right and below."""
        columns = _count(self._cell.get("table:number-columns-repeated"))
        row, column = self._row, self._column
        self._column += columns
        if text or any(key.startswith("office:") for key in self._cell):
            seen.cell(row + self._rows - 1, column + columns - 1)
            size = len(text) + len(self._cell.get("office:string-value", ""))
            seen.letters += size * columns * self._rows
        if self._cell.get("calcext:value-type") == "error" and columns * self._rows < 10_000:
            for r in range(row, row + self._rows):
                seen.errors.update({(r, c): text for c in range(column, column + columns)})
        across = _count(self._cell.get("table:number-columns-spanned"))
        down = _count(self._cell.get("table:number-rows-spanned"))
        if across > 1 or down > 1:
            seen.merged.append((row, column, row + down - 1, column + across - 1))


def _count(number: str | None) -> int:
    """How often something is repeated; more than any sheet can hold is a damaged file."""
    if number is None:
        return 1
    if not (number.isascii() and number.isdigit() and len(number) <= 8):
        raise ExportRefused(DAMAGED)
    return int(number)
