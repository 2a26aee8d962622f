"""From what is staged, portion by portion, to `landing.export_row` and what was not loaded."""

from functools import cache
from pathlib import Path

import duckdb

from pipeline.landing.layouts.columns import standard_columns
from pipeline.landing.portion import STAGE, Portion
from pipeline.landing.received import Received
from pipeline.warehouse.query import first_value, insert_rows
from pipeline.warehouse.tables import tables

QUERIES = Path(__file__).parent / "queries"
# What there is to do with a portion, told by one look at it.
LOOK = """
select
  count(*) filter (where aside is null),
  count(aside),
  bool_or(contains(date_of_birth, '/'))
    or bool_or(contains(entry_date, '/'))
    or bool_or(contains(leaving_date, '/'))
    or bool_or(contains(assessment_date, '/'))
from {staged}
"""
FINGERPRINT = """
insert into row_content
select file_id, line, item, hash({all_columns}, item)
from {staged}
where aside is null
"""
LOAD = """
insert into landing.export_row by name
select {columns}
from (
{typed}
)
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
    """Make what is kept from portion to portion. Needs the macros and the table `stage`."""
    con.execute(_sql("begin_landing").replace("{staged}", STAGE))
    con.execute(
        "create or replace temp table staged_file "
        "(file_id integer, kind varchar, year_group_required boolean)"
    )
    told = [
        (f.file_id, f.kind, bool(f.found and f.found.match.layout.year_group_required))
        for f in files
    ]
    insert_rows(con, "staged_file", ("file_id", "kind", "year_group_required"), told)


def land_portion(con: duckdb.DuckDBPyConnection, portion: Portion) -> None:
    """Load what is staged, and keep what cannot be loaded."""
    ((to_load, passed_over, strokes),) = portion.ask(con, LOOK)
    if passed_over:
        portion.ask(con, _sql("pass_over"))
    if strokes:
        portion.ask(con, _sql("stroke_dates"))
    portion.ask(con, _filled(FINGERPRINT))
    ((loaded,),) = portion.ask(con, _filled(LOAD))
    if loaded < to_load:
        portion.ask(con, _sql("keep_wrong"))


def end_landing(con: duckdb.DuckDBPyConnection) -> None:
    """Keep the reasons of all that was not loaded, and take away what was made for this."""
    if first_value(con, COMES_AGAIN):
        con.execute(_sql("pass_over_repeats"))
    con.execute(_sql("end_landing"))
    for table in (
        *("stage", "staged_file", "wrong", "wrong_row", "set_aside", "passed_over"),
        *("row_content", "stroke_date"),
    ):
        con.execute(f"drop table {table}")


@cache
def _sql(name: str) -> str:
    return _filled((QUERIES / f"{name}.sql").read_text(encoding="utf-8"))


@cache
def _filled(sql: str) -> str:
    row = [c.name for c in tables()["landing.export_row"].columns]
    if "{typed}" in sql:
        sql = sql.replace("{typed}", _sql("typed"))
    sql = sql.replace("{columns}", ", ".join(row))
    sql = sql.replace("{read_columns}", ", ".join(f"r.{c}" for c in row if c != "line"))
    return sql.replace("{all_columns}", ", ".join(f'"{c}"' for c in standard_columns()))
