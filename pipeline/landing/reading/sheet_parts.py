"""The parts of an XLSX, XLSB or ODS put together: which part is which sheet of the workbook."""

import posixpath
from dataclasses import dataclass, field

from pipeline.errors import ExportRefused
from pipeline.landing.reading.archive import DAMAGED
from pipeline.landing.reading.seen import Seen
from pipeline.landing.reading.sheet_records import SHEET_START, xlsb_order, xlsb_sheet, xlsb_strings
from pipeline.landing.reading.sheet_xml import XmlPart

# Longer texts that many cells share are added up exactly; of shorter ones no harm comes.
LONG_TEXT = 200


@dataclass
class Parts:
    """What was seen in the parts taken so far; `size` in bytes, unpacked."""

    size: int = 0
    shared: list[int] = field(default_factory=list)
    sheets: dict[str, Seen] = field(default_factory=dict)
    tables: list[Seen] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)
    _order: list[str] = field(default_factory=list)
    _targets: dict[str, str] = field(default_factory=dict)

    def take_xml(self, name: str, part: XmlPart) -> None:
        self._names.add(name)
        if part.root == "sst":
            self._share(part.lengths)
        elif part.root == "worksheet":
            self.sheets[name] = part.seen
        elif name == "content.xml":
            self.tables = part.tables
        elif name == "xl/workbook.xml":
            for element, attributes in part.elements:
                if element == "sheet":
                    ids = [v for k, v in attributes.items() if k.endswith(":id")]
                    self._order += ids[:1]
        elif name in ("xl/_rels/workbook.xml.rels", "xl/_rels/workbook.bin.rels"):
            for element, attributes in part.elements:
                if element == "Relationship":
                    self._targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def take_binary(self, name: str, raw: bytes) -> None:
        self._names.add(name)
        if name == "xl/sharedstrings.bin":
            self._share(xlsb_strings(raw))
        elif name == "xl/workbook.bin":
            self._order = xlsb_order(raw)
        elif raw.startswith(SHEET_START):
            self.sheets[name] = xlsb_sheet(raw, self.shared)

    def _share(self, lengths: list[int]) -> None:
        if max(lengths, default=0) > LONG_TEXT:
            self.shared += lengths

    def in_order(self) -> list[Seen]:
        """The sheets as the workbook names them. Raises ExportRefused where one is missing."""
        if self.tables:
            return self.tables
        found = []
        for relation in self._order:
            target = self._targets.get(relation, "")
            name = target[1:] if target.startswith("/") else posixpath.join("xl", target)
            name = posixpath.normpath(name).lower()
            if name not in self._names:
                raise ExportRefused(DAMAGED)
            found.append(self.sheets.get(name, Seen()))
        return found
