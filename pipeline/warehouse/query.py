"""Small answers from a query, fetched to their end (an unfinished result blocks the connection).

And small tables into the warehouse, in one statement however many rows.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb


def first_row(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None
) -> tuple[Any, ...] | None:
    """First row of a query, or None."""
    rows = con.execute(sql, parameters or []).fetchall()
    return rows[0] if rows else None


def first_value(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None
) -> Any:
    """First value of the first row of a query; None where there is no row."""
    row = first_row(con, sql, parameters)
    return row[0] if row else None


def insert_rows(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Insert rows of Python values, given in the order of `columns`, into a table by name."""
    import pyarrow as pa

    values = list(rows)
    if not values:
        return
    con.register("given_rows", pa.table({c: [r[i] for r in values] for i, c in enumerate(columns)}))
    con.execute(f"insert into {table} by name select * from given_rows")
    con.unregister("given_rows")
