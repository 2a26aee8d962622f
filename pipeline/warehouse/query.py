"""Small answers from a query, fetched to their end (an unfinished result blocks the connection)."""

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
