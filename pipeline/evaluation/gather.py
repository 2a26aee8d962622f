"""What the finished file holds, gathered for the search: `temp.searched`, `temp.foreign_value`."""

from typing import Any

import duckdb

from pipeline.errors import Defect
from pipeline.evaluation.allow_list import AllowList, PublishedTable
from pipeline.evaluation.known import SHORTEST_NUMBER

CATALOG = "evaluators"
NOTHING_PUBLISHED = "Nothing was published."


def make_gathered(con: duckdb.DuckDBPyConnection) -> None:
    """Make both tables, empty: values to compare, and values that their column may not have."""
    con.execute("create or replace temp table searched (place varchar, value varchar)")
    con.execute("create or replace temp table foreign_value (place varchar, value varchar)")


def take_catalog(con: duckdb.DuckDBPyConnection, allowed: AllowList) -> None:
    """Names, types and comments: exactly those of the allow-list, and nothing beside tables."""
    expected = {("table", t.name, "", t.row) for t in allowed.tables} | {
        ("column", t.name, f"{c.column.name} {c.column.type}", c.column.comment)
        for t in allowed.tables
        for c in t.columns
    }
    mine = f"where database_name = '{CATALOG}'"
    found = {
        tuple(text or "" for text in row)
        for row in con.execute(
            f"""-- a table, a column, or anything else that a file can hold
            select 'table', table_name, '', comment from duckdb_tables() {mine}
            union all
            select 'column', table_name, column_name || ' ' || lower(data_type), comment
            from duckdb_columns() {mine}
            union all
            select 'column', table_name, column_name, column_default
            from duckdb_columns() {mine} and column_default is not null
            union all
            select 'view', view_name, sql, comment from duckdb_views() {mine} and not internal
            union all
            select 'sequence', sequence_name, '', comment from duckdb_sequences() {mine}
            union all
            select 'index', index_name, sql, comment from duckdb_indexes() {mine}
            union all
            select 'constraint', table_name, constraint_text, ''
            from duckdb_constraints() {mine} and constraint_type <> 'NOT NULL'
            union all
            select 'type', type_name, '', comment from duckdb_types() {mine} and not internal
            union all
            select 'function', function_name, macro_definition, comment
            from duckdb_functions() {mine} and not internal
            union all
            select 'schema', schema_name, '', comment
            from duckdb_schemas() {mine} and not internal and schema_name <> 'main'
            union all
            select 'database', '', '', comment
            from duckdb_databases() {mine} and comment is not null"""
        ).fetchall()
    }
    if expected - found:
        raise Defect(
            f"{CATALOG}.duckdb: a table, column or comment of the allow-list is not as it should "
            f"be. {NOTHING_PUBLISHED}"
        )
    for kind, *texts in found - expected:
        place = f"the name or comment of a {kind}"
        rows = [(place, text) for text in texts]
        con.executemany("insert into foreign_value values (?, ?)", rows)


def take_program_rows(
    con: duckdb.DuckDBPyConnection, table: PublishedTable, expected: list[tuple[Any, ...]]
) -> None:
    names = [c.column.name for c in table.columns]
    selected = ", ".join(f'"{n}"' for n in names)
    rows = con.execute(f"select {selected} from {CATALOG}.main.{table.name}").fetchall()
    for row in rows:
        if row in expected:
            continue
        alike = max(expected, key=lambda e: sum(a == b for a, b in zip(e, row, strict=True)))
        for name, value, usual in zip(names, row, alike, strict=True):
            if value != usual:
                _add_foreign(con, f"table {table.name}, column {name}", str(value))
    if len(rows) != len(expected):
        raise Defect(
            f"{CATALOG}.duckdb, table {table.name}: {len(rows)} rows; expected {len(expected)}. "
            f"{NOTHING_PUBLISHED}"
        )


def _add_foreign(con: duckdb.DuckDBPyConnection, place: str, value: str) -> None:
    con.execute("insert into foreign_value values (?, ?)", [place, value])


def take_columns(con: duckdb.DuckDBPyConnection, table: PublishedTable) -> None:
    for published in table.columns:
        name, kind = published.column.name, published.column.type
        place = f"table {table.name}, column {name}"
        distinct = (
            f'select distinct "{name}" as value from {CATALOG}.main.{table.name} '
            f'where "{name}" is not null'
        )
        if kind == "varchar":
            if published.pseudonym:
                is_own = f"value in (select pseudonym from pseudonyms.main.{published.pseudonym})"
            else:
                assert published.values
                is_own = published.values.holds("value")
            con.execute(
                f"insert into foreign_value select ?, value from ({distinct}) where not {is_own}",
                [place],
            )
            if published.pseudonym:
                con.execute(f"insert into searched select ?, value from ({distinct})", [place])
        elif kind in ("integer", "bigint", "double") and not published.is_count:
            smallest = 10 ** (SHORTEST_NUMBER - 1)
            con.execute(
                f"insert into searched select ?, cast(cast(abs(value) as bigint) as varchar) "
                f"from ({distinct}) "
                f"where abs(value) between {smallest} and 1e15 and value = floor(value)",
                [place],
            )
