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

    `source` is what stands for the rows in SQL, with `{part}` where it names that table. `leading`
    are its rows that stand for those after them as well, where they are held apart.
    """

    files: list[Received]
    source: str = STAGE
    rows: "pa.Table | None" = None
    leading: "pa.Table | None" = None

    def ask(self, con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
        """The answer to a query in which `{staged}` stands for the rows, and `{leading}` for some
        of them, those that lead others among them."""
        # DuckDB finds both by their names.
        part, leaders = self.rows, self.leading  # noqa: F841
        apart = "part" if leaders is None else "leaders"
        sql = sql.replace("{staged}", self.source.replace("{part}", "part"))
        sql = sql.replace("{leading}", self.source.replace("{part}", apart))
        return con.execute(sql).fetchall()

    def hold_leading_apart(self) -> None:
        """What is said of a pupil is then read of few rows, and not looked for in all."""
        import pyarrow.compute as pc

        if self.rows is None:
            return
        leads = pc.equal(self.rows["line"], self.rows["pupil_line"])
        if 2 * (pc.sum(leads).as_py() or 0) < len(self.rows):
            self.leading = self.rows.filter(leads)

    def let_go(self) -> None:
        """Give up the rows, whose room the next portion needs."""
        self.rows = self.leading = None
