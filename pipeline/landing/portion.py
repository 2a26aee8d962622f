"""A portion of what is staged: rows of standard columns, in a table or held beside the database."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.landing.received import Received

if TYPE_CHECKING:
    import pyarrow as pa

STAGE = "stage"


@dataclass
class Portion:
    """Rows of some files. A part of a large file is held as an Arrow table, `rows`: within a
    transaction a table of the database would keep its room after it was emptied.

    `source` is what stands for the rows in SQL.
    """

    files: list[Received]
    source: str = STAGE
    rows: "pa.Table | None" = None

    def ask(self, con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
        """The answer to a query in which `{staged}` stands for the rows."""
        part = self.rows  # noqa: F841  DuckDB finds it by the name that `source` has for it
        return con.execute(sql.replace("{staged}", self.source)).fetchall()
