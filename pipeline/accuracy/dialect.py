"""SQLAlchemy's DuckDB dialect, with answers fetched before the connection is given back.

Great Expectations reads rows after it has closed the connection, which duckdb-engine cannot
serve; a buffered answer is complete by then.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
from duckdb_engine import ConnectionWrapper, Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.pool import StaticPool

URL = "duckdb+buffered:///:memory:"


_Context: Any = Dialect.execution_ctx_cls


class BufferedContext(_Context):
    """An execution whose rows are all fetched at once."""

    def post_exec(self) -> None:
        super().post_exec()
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, initial_buffer=self.cursor.fetchall()
            )


class BufferedDialect(Dialect):
    """duckdb-engine's dialect with buffered answers, under the name `duckdb+buffered`."""

    execution_ctx_cls = BufferedContext
    supports_statement_cache = False


@contextmanager
def engine_arguments(con: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    """Arguments for `create_engine` that make it use a cursor of a connection that is open.

    A second connection to the same file is refused; a cursor sees what is committed. The cursor
    is closed at the end.
    """
    registry.register("duckdb.buffered", __name__, "BufferedDialect")
    cursor = con.cursor()
    try:
        # Great Expectations leaves out the schema when it asks for the columns of a table.
        cursor.execute("set search_path = 'core,accuracy,landing'")
        yield {"creator": lambda: ConnectionWrapper(cursor), "poolclass": StaticPool}
    finally:
        cursor.close()
