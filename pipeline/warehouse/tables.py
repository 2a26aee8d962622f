"""Tables and columns as data_schemas/tables describes them: DDL, comments, disclosure classes."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import Defect
from pipeline.resources import resource
from pipeline.warehouse.words import GROWING, create_word_types, word_lists, word_type

SCHEMA_VERSION = 8
SCHEMAS = ("reference", "landing", "core", "accuracy", "progress", "audit")
DISCLOSURE_CLASSES = ("direct", "text", "internal", "pseudonym", "group", "measure", "label")


@dataclass(frozen=True)
class Column:
    """A column: DuckDB type, meaning, unit where it has one, disclosure class.

    `words` names the closed list of words that it holds, where it is stored as such.
    """

    name: str
    type: str
    meaning: str
    disclosure: str
    unit: str | None = None
    required: bool = False
    words: str | None = None

    @property
    def stored_type(self) -> str:
        """The type in the warehouse; to everybody else words are texts."""
        return word_type(self.words) if self.words else self.type

    @property
    def comment(self) -> str:
        return f"{self.meaning} [{self.unit}]" if self.unit else self.meaning


@dataclass(frozen=True)
class Table:
    """A table or view: what one row is, its columns in order, its key."""

    schema: str
    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_view: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"


@cache
def tables() -> dict[str, Table]:
    """Every table of the warehouse by its full name, such as `core.pupil`."""
    return read_tables(resource("data_schemas", "tables"))


def read_tables(folder: Path, schemas: tuple[str, ...] = SCHEMAS) -> dict[str, Table]:
    """Tables of the schemas that a folder describes: `columns.toml` and a file a schema.

    Raises Defect naming a column that is not described, is in a table twice, or has a disclosure
    class or a list of words that there is not.
    """
    shared = tomllib.loads((folder / "columns.toml").read_text(encoding="utf-8"))
    found = {}
    for schema in schemas:
        described = tomllib.loads((folder / f"{schema}.toml").read_text(encoding="utf-8"))
        for name, spec in described["tables"].items():
            must = {*spec.get("key", ()), *spec.get("required", ())}
            described_columns = shared | spec.get("local", {})
            _check_columns(f"{schema}.toml, table {name}", spec["columns"], described_columns)
            columns = tuple(
                Column(name=c, required=c in must, **described_columns[c]) for c in spec["columns"]
            )
            if not described.get("stores_words"):
                columns = tuple(replace(c, words=None) for c in columns)
            key, is_view = tuple(spec.get("key", ())), spec.get("view", False)
            table = Table(schema, name, spec["row"], columns, key, is_view)
            found[table.full_name] = table
    return found


def _check_columns(where: str, names: list[str], described: dict[str, dict[str, Any]]) -> None:
    for name in names:
        if name not in described:
            raise Defect(f"{where}: nothing describes the column '{name}'")
        if names.count(name) > 1:
            raise Defect(f"{where}: the column '{name}' is there twice")
        disclosure = described[name]["disclosure"]
        if disclosure not in DISCLOSURE_CLASSES:
            raise Defect(
                f"{where}: the column '{name}' has the disclosure class '{disclosure}'; expected "
                f"one of {', '.join(DISCLOSURE_CLASSES)}"
            )
        words = described[name].get("words")
        if words is not None and words not in {*word_lists(), *GROWING}:
            raise Defect(f"{where}: the column '{name}' holds words of no list, '{words}'")


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def create_table(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Make a table anew, empty, with its comments."""
    columns = ",\n  ".join(
        f'"{c.name}" {c.stored_type}{" not null" if c.required else ""}' for c in table.columns
    )
    con.execute(f"create or replace table {table.full_name} (\n  {columns}\n)")
    _comment(con, table)


def create_view(con: duckdb.DuckDBPyConnection, view: Table, query: str) -> None:
    """Make a view anew, of the columns that are described, with its comments."""
    columns = ", ".join(f'"{c.name}"' for c in view.columns)
    con.execute(
        f"create or replace view {view.full_name} as select {columns} from (\n{query}\n) as told"
    )
    _comment(con, view)


def _comment(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    sort = "view" if table.is_view else "table"
    con.execute(f"comment on {sort} {table.full_name} is {quoted(table.row)}")
    for column in table.columns:
        con.execute(
            f'comment on column {table.full_name}."{column.name}" is {quoted(column.comment)}'
        )


def create_all(con: duckdb.DuckDBPyConnection) -> None:
    """Make every type, schema and table of an empty warehouse; the models make the views."""
    create_word_types(con)
    for schema in SCHEMAS:
        con.execute(f"create schema if not exists {schema}")
    for table in tables().values():
        if not table.is_view:
            create_table(con, table)
