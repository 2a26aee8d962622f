"""Common Transfer Files (CTF, XML): pupils and their statutory results as standard columns.

Results are those of the school that holds the file (SourceSchool), wherever they were taken: the
file does not say where. What changes with time (year group, SEN, care, status) is the pupil's on
the day of the file, and so stands only beside results of the file's own academic year.
"""

import re
from pathlib import Path

from pipeline.errors import Defect
from pipeline.landing.reading.ctf_meaning import academic_year, understood
from pipeline.landing.reading.ctf_pupil import CLOSING, DEPTH, OPENING, Pupil, Said
from pipeline.landing.reading.ctf_results import CtfResults, ctf_results
from pipeline.landing.reading.ctf_table import COLUMNS, LASTING, OF_THE_DAY, CtfTable
from pipeline.landing.reading.xml_stream import XmlStream

__all__ = ["CtfTable", "read_ctf"]

# A pupil's element holds a few hundred elements; more than this is a damaged file or an attack.
MOST_ELEMENTS = 20_000
QUALIFIERS = ("full", "partial")
PUPILS = ["ctfile", "ctfpupildata", "pupil"]


def read_ctf(copy: Path, results: CtfResults | None = None) -> CtfTable:
    """Read a file as a stream. Raises ExportRefused naming the line.

    `results` says what codes mean: `ctf_results()` of the programme, by default those shipped.
    """
    reader = _Reader(results or ctf_results())
    reader.read(copy)
    return reader.finished()


class _Reader(XmlStream):
    def __init__(self, meanings: CtfResults) -> None:
        super().__init__()
        self._meanings = meanings
        self._table = CtfTable()
        self._header = Said()
        self._file: dict[str, str] = {}
        self._starts: list[int] = []
        self._pupil: Pupil | None = None
        self._elements = 0

    def opened(self, path: list[str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise self.refused(
                f"more than {MOST_ELEMENTS:,} elements follow without a new pupil",
                "a few hundred for a pupil",
            )
        name = path[-1]
        if name == "pupil":
            if path != PUPILS:
                raise self.refused("a Pupil stands out of place", "pupils within CTFpupilData")
            self._open_pupil()
        elif self._pupil:
            if name in OPENING:
                if name in CLOSING and path.count(name) > 1:
                    raise self.refused("a result stands within another", "one after the other")
                self._pupil.opened(path)
        elif len(path) == 1 and name != "ctfile":
            raise self.refused("it is XML of another kind", "CTfile as its first tag")
        elif path == ["ctfile", "header"] and self._table.pupils:
            raise self.refused("the Header follows the pupils", "it before them")

    def closed(self, path: list[str], text: str) -> None:
        if self._pupil and len(path) > DEPTH:
            if text or path[-1] in CLOSING:
                self._pupil.closed(path, text)
        elif self._pupil:
            self._close_pupil(self._pupil)
            self._pupil = None
        elif path[:2] == ["ctfile", "header"]:
            self._header.add("/".join(path[2:]), text)
        elif len(path) == 1 and not self._table.pupils:
            raise self.refused("the file has no pupils", "at least one Pupil")

    def _open_pupil(self) -> None:
        if not self._table.pupils:
            self._read_header()
        self._table.pupils += 1
        self._elements = 0
        self._starts.append(self.line)
        self._pupil = Pupil()

    def _read_header(self) -> None:
        said = self._header
        version, qualifier = said.get("ctfversion", ""), said.get("documentqualifier", "").lower()
        self._table.version = version if re.fullmatch(r"[0-9]{1,2}(\.[0-9])?", version) else ""
        self._table.qualifier = qualifier if qualifier in QUALIFIERS else ""
        self._file = {
            "school": _school(said),
            "school_name": said.get("sourceschool/schoolname", ""),
            "academic_year": academic_year(
                said.get("sourceschool/academicyear") or said.get("academicyear", "")
            ),
        }

    def _close_pupil(self, pupil: Pupil) -> None:
        pupil.finish()
        self._table.results += pupil.results_opened
        self._table.unsure += bool(pupil.said.unsure)
        before = len(self._table.rows)
        for item, result in enumerate(pupil.results, start=1):
            values = understood(result, self._meanings, self._table.unmapped)
            if isinstance(values, str):
                self._table.set_aside.append((self._table.pupils, item, values))
            else:
                self._add(pupil, item, values)
        if len(self._table.rows) == before:
            self._add(pupil, 0, {"academic_year": self._file["academic_year"]})

    def _add(self, pupil: Pupil, item: int, values: dict[str, str]) -> None:
        row = dict.fromkeys(COLUMNS, "") | self._file | values
        of_the_day = item == 0 or row["academic_year"] == self._file["academic_year"]
        for column in LASTING + (OF_THE_DAY if of_the_day else ()):
            row[column] = pupil.said.get(column, "")
        self._table.rows.append(row)
        self._table.items.append(item)
        self._table.lines.append(self._table.pupils)

    def finished(self) -> CtfTable:
        """The table, its pupils' ordinals replaced by lines."""
        table, starts = self._table, self._starts
        table.numbered_by_pupil = len(set(starts)) < len(starts)
        if table.numbered_by_pupil:
            starts = list(range(2, len(starts) + 2))
        table.lines = [starts[pupil - 1] for pupil in table.lines]
        table.set_aside = [(starts[p - 1], item, reason) for p, item, reason in table.set_aside]
        understood_results = sum(item > 0 for item in table.items)
        if table.results != understood_results + len(table.set_aside):
            raise Defect("results of a Common Transfer File do not add up")
        return table


def _school(header: Said) -> str:
    """LAESTAB, else URN, else empty: services that are no school write XXX and XXXX."""
    lea, estab = header.get("sourceschool/lea", ""), header.get("sourceschool/estab", "")
    if re.fullmatch(r"[0-9]{3}", lea) and re.fullmatch(r"[0-9]{4}", estab):
        return lea + estab
    urn = header.get("sourceschool/urn", "")
    return urn if re.fullmatch(r"[0-9]{6}", urn) else ""
