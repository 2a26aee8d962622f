"""XML read as a stream: one element at a time, no tree, no entities, refusals in plain words.

What makes XML dangerous is refused as soon as it shows: a DOCTYPE (and with it entities of any
kind), nesting without end, a text or a tag so long that only an attack or a damaged file has it.
"""

import codecs
from pathlib import Path
from typing import Any
from xml.parsers import expat

from pipeline.errors import ExportRefused
from pipeline.landing.reading.xml_faults import explained

CHUNK = 256 * 1024
DEEPEST = 32
MOST_NAMES = 10_000
LONGEST_TEXT = 100_000
# The parser looks at an unfinished tag or comment anew with every chunk: without a limit, one of
# 200 MB would take hours.
LONGEST_TAG = 1024 * 1024
ENCODINGS = {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii"}
ENCODINGS |= {"iso8859-1", "iso8859-15", "cp1252"}


class XmlStream:
    """Reads one file; a subclass says what to do as elements open and close.

    Names come in lower case and without prefix: `path` is the way from the root to the element,
    itself included, and lives only during the call.
    """

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._forbidden
        self._parser.EntityDeclHandler = self._forbidden
        self._parser.ExternalEntityRefHandler = self._forbidden
        self._path: list[str] = []
        self._names: dict[str, str] = {}
        self._text = ""
        self._is_leaf = False

    def opened(self, path: list[str]) -> None:
        """An element has started."""
        raise NotImplementedError

    def closed(self, path: list[str], text: str) -> None:
        """An element has ended; `text` is that of an element without children, else empty."""
        raise NotImplementedError

    @property
    def line(self) -> int:
        """Physical line, from 1, of the tag that is being read."""
        return self._parser.CurrentLineNumber

    def read(self, copy: Path) -> None:
        """Read the whole file. Raises ExportRefused naming the line, never a value."""
        fed = 0
        with copy.open("rb") as file:
            try:
                while chunk := file.read(CHUNK):
                    fed += len(chunk)
                    self._parser.Parse(chunk, False)
                    if fed - self._parser.CurrentByteIndex > LONGEST_TAG:
                        raise self.refused(
                            "one tag or comment is longer than a million characters",
                            "tags of a few letters",
                        )
                self._parser.Parse(b"", True)
            except expat.ExpatError as wrong:
                at = self._parser.ErrorByteIndex
                raise self.refused(*explained(wrong, at, copy), line=wrong.lineno) from None

    def refused(self, found: str, expected: str, line: int | None = None) -> ExportRefused:
        """A refusal to raise, with the line that is being read."""
        return ExportRefused(
            f"line {line or self.line}: {found}; expected {expected}. "
            f"Export it again as a Common Transfer File and send that."
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        path = self._path
        path.append(self._names.get(name) or self._own_name(name))
        if len(path) > DEEPEST:
            raise self.refused(f"elements are nested more than {DEEPEST} deep", "about eight")
        self._text, self._is_leaf = "", True
        self.opened(path)

    def _end(self, name: str) -> None:
        text, self._text = self._text.strip(), ""
        self.closed(self._path, text if self._is_leaf else "")
        self._path.pop()
        self._is_leaf = False

    def _own_name(self, name: str) -> str:
        known = name.rpartition(":")[2].lower()
        if len(self._names) < MOST_NAMES:
            self._names[name] = known
        return known

    def _characters(self, text: str) -> None:
        if not self._is_leaf:
            return
        self._text += text
        if len(self._text) > LONGEST_TEXT:
            raise self.refused(
                f"one value has more than {LONGEST_TEXT:,} characters", "names, codes and dates"
            )

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        try:
            known = encoding is None or codecs.lookup(encoding).name in ENCODINGS
        except (LookupError, ValueError):
            known = False
        if not known:
            raise self.refused(
                "it says that it is written in an encoding that is not read here",
                "UTF-8, UTF-16, Latin-1 or Windows-1252",
            )

    def _forbidden(self, *_: Any) -> int:
        raise self.refused(
            "it has a DOCTYPE or entities of its own, which can make a program read other files",
            "XML without them",
        )
