"""Small answers from a query, fetched to their end (an unfinished result blocks the connection).

And small tables into the warehouse, in one statement however many rows.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import duckdb

Parameters = list[Any] | dict[str, Any]


def named_rows(
    con: duckdb.DuckDBPyConnection, sql: str, given: dict[str, Any] | None = None
) -> list[Any]:
    """Rows with their columns as attributes, what is missing as None.

    Of the given values those are used that the query names, as `$name`.
    """
    wanted = set(re.findall(r"\$([a-z_]+)", sql))
    found = con.execute(sql, {key: (given or {})[key] for key in sorted(wanted)})
    columns = [column[0] for column in found.description or ()]
    return [SimpleNamespace(**dict(zip(columns, row, strict=True))) for row in found.fetchall()]


def first_row(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters | None = None
) -> tuple[Any, ...] | None:
    """First row of a query, or None."""
    rows = con.execute(sql, parameters or []).fetchall()
    return rows[0] if rows else None


def first_value(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters | None = None
) -> Any:
    """First value of the first row of a query; None where there is no row."""
    row = first_row(con, sql, parameters)
    return row[0] if row else None


class Held:
    """Arrow rows under a name in SQL that can be taken out again.

    Within a transaction DuckDB keeps what was registered until the end: so it is given this.
    """

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.rows.__arrow_c_stream__(requested_schema)


@contextmanager
def registered(con: duckdb.DuckDBPyConnection, name: str, rows: Any) -> Iterator[None]:
    """Arrow rows (a table, or a stream that is read once) as `name`; let go of at the end."""
    held = Held(rows)
    con.register(name, held)
    try:
        yield
    finally:
        held.rows = None
        con.unregister(name)


def insert_rows(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Insert rows of Python values, given in the order of `columns`, into a table by name."""
    values = list(rows)
    if not values:
        return
    names = [f'"{c}"' for c in columns]
    # Lists say nothing of their type where they are empty of values, so the table does.
    types = dict(con.execute(f"select column_name, column_type from (describe {table})").fetchall())
    lists = [f'unnest(${at}::{types[c]}[]) as "{c}"' for at, c in enumerate(columns, start=1)]
    con.execute(
        f"insert into {table} ({', '.join(names)}) select {', '.join(lists)}",
        [[row[at] for row in values] for at in range(len(columns))],
    )
