"""How each school sends what: layout, format, folder and name of every file."""

from __future__ import annotations

from dataclasses import dataclass, field

from invention import layouts
from invention.calendar import TERMS
from invention.chance import Chance
from invention.ctf import times_tables
from invention.standard import standard
from invention.tables import Export, Table, as_text
from invention.workbooks import as_archive, as_workbook

# The first year of Sallowfen, and two terms of Pebblewick, come in archives.
ARCHIVES = {
    **{
        ("sallowfen", term, kind): "sallowfen-2024-25.zip"
        for term in range(3)
        for kind in ("roll", "results")
    },
    **{
        ("pebblewick", term, kind): f"pebblewick-{TERMS[term].name}.zip"
        for term in (3, 4)
        for kind in ("roll", "results", "tests")
    },
}


@dataclass
class Post:
    """Files by path below exports/, and the tables in them by the names that the run has."""

    files: dict[str, bytes] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)  # by id() of the export
    _archives: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def send(self, export: Export) -> None:
        """Lay out an export as its school does, and put it where the school does."""
        self.names[id(export)] = self._sent(export)

    def _sent(self, export: Export) -> str:
        """The name of the file, as the run has it."""
        school, kind = export.school.key, export.kind
        own = f"{export.folder}/{school}"
        if (school, kind) == ("thornlow", "results"):
            return self._workbook(f"{own}/marksheet.xlsx", [layouts.marksheet(export)])
        if (school, kind) == ("bramblecote", "roll") and export.term in (1, 2):
            return self._workbook(f"{own}/class lists.xlsx", layouts.class_lists(export))
        if (school, kind) == ("bramblecote", "tests"):
            path = f"{own}/test results.tsv"
            return self._text(path, layouts.test_results(export), delimiter="\t", newline="\r\n")
        if (school, kind) == ("quillmere", "roll"):
            return self._workbook(f"{own}-roll.xlsx", [standard(export, dates_as_cells=True)])
        if school == "pebblewick" and export.term < 3 and kind in ("results", "tests"):
            return self._text(f"{own}-{kind}-extract.csv", layouts.trust_extract(export))
        if kind == "ks2":
            table = layouts.key_stage_2(export)
            return self._text(f"{own}-key-stage-2.csv", table, newline="\r\n")
        encodings = {"thornlow": "cp1252", "sallowfen": "utf-8-sig"}
        return self._text(
            f"{own}-{kind}.csv",
            standard(export),
            # As Excel saves where the list separator of Windows is a semicolon.
            delimiter=";" if school == "sallowfen" else ",",
            newline=export.newline,
            encoding="utf-8-sig" if export.starts_with_bom else encodings.get(school, "utf-8"),
            archive=ARCHIVES.get((school, export.term, kind)),
        )

    def send_pupil_premium(self, roll: Export) -> None:
        """The DfE's list for a school whose roll does not say it."""
        table = layouts.pupil_premium(roll)
        self._text(f"{roll.folder}/{roll.school.key}/pupil premium.csv", table, newline="\r\n")

    def send_times_tables(self, chance: Chance, results: Export) -> None:
        """A CTF with what Year 4 had in the multiplication tables check."""
        path = f"{results.folder}/{results.school.key}-times-tables.xml"
        self.tables[path], self.files[path] = times_tables(chance, results)

    def finish(self) -> None:
        """Put the archives together."""
        for path, members in self._archives.items():
            self.files[path] = as_archive(members)

    def _text(
        self,
        path: str,
        table: Table,
        *,
        delimiter: str = ",",
        newline: str = "\n",
        encoding: str = "utf-8",
        archive: str | None = None,
    ) -> str:
        name = f"{archive}/{path}" if archive else path
        content = as_text(table, name, delimiter=delimiter, newline=newline, encoding=encoding)
        self.tables[name] = table
        if archive:
            self._archives.setdefault(archive, {})[path] = content
        else:
            self.files[path] = content
        return name

    def _workbook(self, path: str, tables: list[Table]) -> str:
        self.files[path] = as_workbook(tables, path)
        names = [f"{path} [{table.sheet}]" for table in tables]
        self.tables.update(zip(names, tables, strict=True))
        return names[0]
