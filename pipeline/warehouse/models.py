"""SQL models: a folder of files, one table or view each, run in the order of their numbers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.warehouse.query import first_row, first_value
from pipeline.warehouse.tables import Table, create_table, create_view, tables

ONLY_WHERE = re.compile(r"^-- only where: (select .*)$", re.MULTILINE)
AS_WRITTEN = re.compile(r"^-- joins as written$", re.MULTILINE)


def make_temp_views(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make those of a folder's models that are views of a run alone; they last as the connection.

    So that others can ask what the tables of the stage were made from, in the same SQL.
    """
    for path in sorted(folder.glob("*.temp.view.sql")):
        name = path.name.split("_", 1)[1].removesuffix(".temp.view.sql")
        query = path.read_text(encoding="utf-8")
        con.execute(f"create or replace temp view {name} as\n{query}")


def tables_of(folder: Path) -> list[Table]:
    """The tables that a folder's models fill, in the order of their numbers."""
    names = (path.stem.split("_", 1)[1] for path in sorted(folder.glob("*.sql")))
    return [tables()[name] for name in names if name in tables() and not tables()[name].is_view]


def run_models(con: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Make each model's table anew from its query. Returns the rows written.

    `20_core.pupil.sql` fills the table `core.pupil`; `15_core.row.view.sql` makes a view;
    `81_core.result.update.sql` changes a table. Those with `.temp` are gone at the end. A line
    `-- only where: select …`, or several, asks whether there can be a row at all: where none finds
    anything the table stays empty, or as it is, and the query is not run. With a line
    `-- joins as written` a join holds the side in memory that stands second, whatever DuckDB
    guesses of their sizes.
    """
    with models_run(con, folder, anew=True) as rows:
        return rows


@contextmanager
def models_run(con: duckdb.DuckDBPyConnection, folder: Path, anew: bool) -> Iterator[int]:
    """As `run_models`, but what a model with `.temp` makes lasts until the end; and where it is not
    `anew`, rows are added to the tables as they are.
    """
    rows = 0
    passing = []
    for path in sorted(folder.glob("*.sql")):
        query = path.read_text(encoding="utf-8")
        asked = " union all ".join(ONLY_WHERE.findall(query))
        no_row = asked and not first_row(con, f"{asked} limit 1")
        name = path.stem.split("_", 1)[1]
        if name.endswith(".update"):
            if not no_row:
                con.execute(query)
            continue
        if no_row:
            query = f"select * from (\n{query}\n) limit 0"
        name, *sorts = name.rsplit(".", name.count(".temp") + name.count(".view"))
        if name in tables() and tables()[name].is_view:
            create_view(con, tables()[name], query)
            continue
        if sorts:
            sort, temp = "view" if "view" in sorts else "table", "temp" in sorts
            con.execute(f"create or replace {'temp' * temp} {sort} {name} as\n{query}")
            if temp:
                passing.append(f"drop {sort} {name}")
            continue
        if anew:
            create_table(con, tables()[name])
        with _joins(con, as_written=bool(AS_WRITTEN.search(query))):
            rows += first_value(con, f"insert into {tables()[name].full_name} by name\n{query}")
    yield rows
    for drop in reversed(passing):
        con.execute(drop)


@contextmanager
def _joins(con: duckdb.DuckDBPyConnection, as_written: bool) -> Iterator[None]:
    """Let DuckDB choose the sides of joins, or not."""
    before = first_value(con, "select current_setting('disabled_optimizers')")
    if as_written:
        others = f"{before},build_side_probe_side".strip(",")
        con.execute(f"set disabled_optimizers = '{others}'")
    yield
    if as_written:
        con.execute(f"set disabled_optimizers = '{before}'")
