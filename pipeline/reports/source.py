"""The warehouse as the pages read it: read-only, opened once a process, asked by named queries."""

import atexit
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipeline.programme import Programme
from pipeline.warehouse.connection import open_warehouse
from pipeline.warehouse.query import named_rows

QUERIES = Path(__file__).parent / "queries"
Rows = list[Any]
_open: dict[Path, tuple[ExitStack, duckdb.DuckDBPyConnection]] = {}


def connection(programme: Programme) -> duckdb.DuckDBPyConnection:
    """This process's connection, opened when first asked for and held until `close_all`.

    One thread, because the worker processes already share the machine between them.
    """
    key = programme.folder.resolve()
    if key not in _open:
        stack = ExitStack()
        con = stack.enter_context(open_warehouse(programme, read_only=True))
        con.execute("set threads = 1")
        _open[key] = (stack, con)
    return _open[key][1]


@atexit.register
def close_all() -> None:
    """Let go of every warehouse that this process has open."""
    while _open:
        _, (stack, _con) = _open.popitem()
        stack.close()


@cache
def query(name: str) -> str:
    """The text of `queries/<name>.sql`."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def ask(con: duckdb.DuckDBPyConnection, name: str, **given: Any) -> Rows:
    """Rows of `queries/<name>.sql`, columns as attributes, what is missing as None.

    Of the given values those are used that the query names.
    """
    return named_rows(con, query(name), given)


def groups(rows: Rows, by: Callable[[Any], Any]) -> dict[Any, Rows]:
    """Rows by the value of something they have, in the order in which the values appear."""
    found: dict[Any, Rows] = {}
    for row in rows:
        found.setdefault(by(row), []).append(row)
    return found
