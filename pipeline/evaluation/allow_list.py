"""`data_schemas/tables/evaluation.toml`: what the evaluators' file may hold, and from where."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import SettingsWrong
from pipeline.resources import resource
from pipeline.warehouse.tables import Column, Table, quoted, tables
from pipeline.warehouse.words import word_lists

PROGRAM = "program"
PERMITTED_CLASSES = ("pseudonym", "group", "measure", "label")


@dataclass(frozen=True)
class ValueSet:
    """The values that a column of text may hold: codes, reference columns, a pattern."""

    codes: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    pattern: str | None = None
    otherwise: str | None = None

    def holds(self, value: str) -> str:
        """An SQL condition: whether an expression's value is in the set; `value` is not null."""
        ways = []
        codes = (*self.codes, *(["other"] if self.otherwise == "other" else []))
        if codes:
            ways.append(f"{value} in ({', '.join(map(quoted, codes))})")
        for source in self.reference:
            table, column = source.rsplit(".", 1)
            ways.append(
                f"{value} in (select {column} from warehouse.{table} where {column} is not null)"
            )
        if self.pattern:
            ways.append(f"regexp_matches({value}, {quoted(self.pattern)})")
        return "(" + " or ".join(ways) + ")"

    @property
    def described(self) -> str:
        """For the data dictionary."""
        ways = [*self.codes, *(["other"] if self.otherwise == "other" else [])]
        ways += [
            f"as the settings and scales name it ({r.split('.', 1)[1]})" for r in self.reference
        ]
        return ", ".join([*ways, *(["a number"] if self.pattern else [])])


@dataclass(frozen=True)
class Published:
    """A column of the evaluators' file; `source` is a warehouse column or PROGRAM."""

    column: Column
    source: str
    pseudonym: str | None = None
    values: ValueSet | None = None
    decimals: int | None = None
    within: tuple[float, float] | None = None
    only_where: str | None = None

    @property
    def is_count(self) -> bool:
        return self.column.unit in ("rows", "pupils", "results")


@dataclass(frozen=True)
class PublishedTable:
    """A table of the evaluators' file, its columns in order, its key."""

    name: str
    row: str
    source: str
    columns: tuple[Published, ...]
    key: tuple[str, ...]
    joins_by: tuple[str, ...] = ()

    def in_catalog(self, catalog: str) -> Table:
        """The table as the warehouse's own DDL makes it, in an attached file."""
        columns = tuple(c.column for c in self.columns)
        return Table(f"{catalog}.main", self.name, self.row, columns, self.key)


@dataclass(frozen=True)
class Pseudonym:
    """What stands for an identifier: `letter` and 16 hexadecimal digits."""

    name: str
    source: str
    letter: str
    meaning: str


@dataclass(frozen=True)
class AllowList:
    """The whole allow-list; `vocabulary`, `filler` and `months` are the program's own words."""

    tables: tuple[PublishedTable, ...]
    pseudonyms: tuple[Pseudonym, ...]
    protection: str
    vocabulary: frozenset[str]
    filler: frozenset[str]
    months: frozenset[str]


def read_allow_list(path: Path | None = None) -> AllowList:
    """The allow-list, judged. Raises SettingsWrong naming each column that may not be in it."""
    path = path or resource("data_schemas", "tables", "evaluation.toml")
    spec = tomllib.loads(path.read_text(encoding="utf-8"))
    pseudonyms = {
        name: Pseudonym(name, p["from"], p["letter"], p["meaning"])
        for name, p in spec["pseudonyms"].items()
    }
    sets = {
        name: ValueSet(
            word_lists()[s["words"]] if "words" in s else tuple(s.get("codes", ())),
            tuple(s.get("reference", ())),
            s.get("pattern"),
            s.get("otherwise"),
        )
        for name, s in spec["sets"].items()
    }
    wrong: list[str] = []
    found = []
    for name, table in spec["tables"].items():
        columns = [_column(name, c, table, pseudonyms, sets, wrong) for c in table["columns"]]
        known = tuple(c for c in columns if c)
        joins_by = tuple(table.get("joins_by", ()))
        for source in joins_by:
            origin = _warehouse_column(source)
            if not origin or origin.disclosure not in ("group", "measure", "label"):
                wrong.append(f"'{name}' joins by a column that may not be seen")
        found.append(
            PublishedTable(name, table["row"], table["from"], known, tuple(table["key"]), joins_by)
        )
    if wrong:
        raise SettingsWrong(f"{path.name}: {'; '.join(wrong)}. Take them out of the allow-list.")
    ours = spec["words"]
    return AllowList(
        tuple(found),
        tuple(pseudonyms.values()),
        spec["protection"]["statement"],
        frozenset(ours["terms"] + ours["subjects"]),
        frozenset(ours["of_schools"] + ours["plain"]),
        frozenset(ours["months"]),
    )


def _column(
    table_name: str,
    name: str,
    table: dict[str, Any],
    pseudonyms: dict[str, Pseudonym],
    sets: dict[str, ValueSet],
    wrong: list[str],
) -> Published | None:
    local = table.get("local", {}).get(name, {})
    pseudonym = pseudonyms.get(name)
    where = f"'{table_name}.{name}'"
    given = pseudonym.source if pseudonym else name
    source = local.get("from", PROGRAM if table["from"] == PROGRAM else f"{table['from']}.{given}")
    required = name in table["key"]
    if source == PROGRAM:
        column = Column(
            name, local["type"], local["meaning"], local.get("disclosure", PROGRAM),
            local.get("unit"), required,
        )  # fmt: skip
        return Published(column, PROGRAM)
    columns = [_warehouse_column(s) for s in (source, *filter(None, [local.get("only_where")]))]
    if None in columns:
        wrong.append(f"{where} is made from a column that the warehouse does not have")
        return None
    refused = [c.disclosure for c in columns if c and c.disclosure not in PERMITTED_CLASSES]
    origin = columns[0]
    assert origin
    values = sets.get(name) if origin.type == "varchar" and not pseudonym else None
    if refused:
        wrong.append(f"{where} is made from a column of class {refused[0]}")
    elif (origin.disclosure == "pseudonym") != bool(pseudonym):
        wrong.append(f"{where} is an identifier and must be a pseudonym")
    elif origin.type == "varchar" and not pseudonym and not values:
        wrong.append(f"{where} is text and has no set of values under [sets]")
    else:
        column = Column(
            name,
            "varchar" if pseudonym else origin.type,
            pseudonym.meaning if pseudonym else local.get("meaning", origin.meaning),
            origin.disclosure,
            origin.unit,
            required,
        )
        within = tuple(local["within"]) if "within" in local else None
        return Published(
            column,
            source,
            pseudonym.name if pseudonym else None,
            values,
            local.get("decimals"),
            within,
            local.get("only_where"),
        )
    return None


def _warehouse_column(source: str) -> Column | None:
    table, _, name = source.rpartition(".")
    columns = tables()[table].columns if table in tables() else ()
    return next((c for c in columns if c.name == name), None)
