"""The warehouse as the pages read it: read-only, opened once a process, asked by named queries."""

import atexit
import re
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.programme import Programme
from pipeline.warehouse.connection import open_warehouse

if TYPE_CHECKING:
    import pandas as pd

QUERIES = Path(__file__).parent / "queries"
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
def _query(name: str) -> tuple[str, tuple[str, ...]]:
    text = (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    return text, tuple(sorted(set(re.findall(r"\$([a-z_]+)", text))))


def rows(con: duckdb.DuckDBPyConnection, name: str, **given: Any) -> list[dict[str, Any]]:
    """Rows of `queries/<name>.sql` as plain values, with those of the given values it names."""
    text, wanted = _query(name)
    return con.execute(text, {key: given[key] for key in wanted}).to_arrow_table().to_pylist()


def ask(con: duckdb.DuckDBPyConnection, name: str, **given: Any) -> "pd.DataFrame":
    """Rows of `queries/<name>.sql`, with those of the given values that it names.

    Whole numbers stay whole where some are missing, and what is missing is `pandas.NA`.
    """
    import pandas as pd

    text, wanted = _query(name)
    found = con.execute(text, {key: given[key] for key in wanted}).to_arrow_table()
    return found.to_pandas(types_mapper=_nullable(pd).get)


def _nullable(pd: Any) -> dict[Any, Any]:
    import pyarrow as pa

    return {
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.string(): pd.StringDtype(),
    }
