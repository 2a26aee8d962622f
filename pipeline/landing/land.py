"""From what is staged, portion by portion, to `landing.export_row` and what was not loaded."""

from functools import cache
from pathlib import Path

import duckdb

from pipeline.landing.layouts.columns import standard_columns
from pipeline.landing.received import Received
from pipeline.warehouse.query import first_value, insert_rows
from pipeline.warehouse.tables import tables

QUERIES = Path(__file__).parent / "queries"
LOAD = """
insert into landing.export_row by name
select {columns}
from typed
where rule_code is null
"""
COMES_AGAIN = """
select 1
from row_content
group by file_id, content
having count(*) > 1
limit 1
"""


def begin_landing(con: duckdb.DuckDBPyConnection, files: list[Received]) -> None:
    """Make what is kept from portion to portion. Needs `staged` and the macros."""
    con.execute(_sql("begin_landing"))
    con.execute(
        "create or replace temp table staged_file "
        "(file_id integer, kind varchar, year_group_required boolean)"
    )
    told = [
        (f.file_id, f.kind, bool(f.found and f.found.match.layout.year_group_required))
        for f in files
    ]
    insert_rows(con, "staged_file", ("file_id", "kind", "year_group_required"), told)
    con.execute(_sql("typed"))


def land_portion(con: duckdb.DuckDBPyConnection) -> None:
    """Load what is staged, and keep what cannot be loaded."""
    con.execute(_sql("look_at_portion"))
    to_load = first_value(con, "select count(*) from staged where aside is null")
    columns = ", ".join(c.name for c in tables()["landing.export_row"].columns)
    loaded = first_value(con, LOAD.format(columns=columns))
    if loaded < to_load:
        con.execute(_sql("keep_wrong"))


def end_landing(con: duckdb.DuckDBPyConnection) -> None:
    """Keep the reasons of all that was not loaded, and take away what was made for this."""
    if first_value(con, COMES_AGAIN):
        con.execute(_sql("pass_over_repeats"))
    con.execute(_sql("end_landing"))
    con.execute("drop view typed")
    con.execute("drop view staged")
    for table in (
        *("stage", "staged_file", "wrong", "wrong_row", "set_aside", "passed_over"),
        *("row_content", "stroke_date"),
    ):
        con.execute(f"drop table {table}")


@cache
def _sql(name: str) -> str:
    read = (c.name for c in tables()["landing.export_row"].columns if c.name != "line")
    sql = (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    sql = sql.replace("{all_columns}", ", ".join(f'"{c}"' for c in standard_columns()))
    return sql.replace("{read_columns}", ", ".join(f"r.{c}" for c in read))
