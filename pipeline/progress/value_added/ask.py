"""A query over Arrow tables that are lent to a connection by name."""

from contextlib import ExitStack
from typing import Any

import duckdb

from pipeline.errors import WrongUsage
from pipeline.warehouse.query import registered


def ask(con: duckdb.DuckDBPyConnection, sql: str, **tables: Any) -> Any:
    """The answer as an Arrow table; `tables` stand in the query under their names."""
    with ExitStack() as lent:
        for name, rows in tables.items():
            lent.enter_context(registered(con, name, rows))
        return con.sql(sql).to_arrow_table()


def need_columns(what: str, table: Any, *columns: str) -> None:
    """Raises WrongUsage naming every column that a table lacks."""
    missing = [c for c in columns if c not in table.column_names]
    if missing:
        raise WrongUsage(
            f"{what}: no column {', '.join(map(repr, missing))}; expected {', '.join(columns)}. "
            f"Name the columns so, for instance with `as` in the query that makes the table."
        )


def words_table(words: dict[str, float | None]) -> Any:
    """Texts, as they are compared, with what each is worth."""
    import pyarrow as pa

    return pa.table(
        {
            "text_key": pa.array(list(words), pa.string()),
            "worth": pa.array(list(words.values()), pa.float64()),
        }
    )


# In SQL as `pipeline.scales.text_key` is in Python: upper case, without spaces.
TEXT_KEY = r"upper(regexp_replace(cast({} as varchar), '\s', '', 'g'))"
