"""From what is staged, portion by portion, to the landing tables of what was and was not loaded.

What rows one after the other say of the same pupil is read and kept once.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import duckdb

from pipeline.landing.facts import OF_RESULT, settle_facts
from pipeline.landing.layouts.columns import standard_columns
from pipeline.landing.portion import STAGE, Portion
from pipeline.landing.received import Received
from pipeline.warehouse.query import first_value, insert_rows
from pipeline.warehouse.tables import tables

QUERIES = Path(__file__).parent / "queries"
# Columns of a landed row that say where it stands, or what became of that.
PLACES = ("line", "pupil_line", "pupil_item", "of_result")
# What there is to do with a portion, told by one look at it.
LOOK = """
select
  count(*) filter (where aside is null),
  count(*) filter (where aside is null and line = pupil_line and item = pupil_item),
  count(aside),
  bool_or(contains(date_of_birth, '/'))
    or bool_or(contains(entry_date, '/'))
    or bool_or(contains(leaving_date, '/'))
    or bool_or(contains(assessment_date, '/'))
from {staged}
"""
# What rows say of their pupil is looked at where it is said first, and apart: DuckDB would join the
# texts and make the fingerprint of each row. Both queries give the same one.
FINGERPRINT = """
insert into row_content
with
  said_of_pupil as materialized (
    select file_id, line, item, hash({columns_of_pupil}) as content
    from {leading}
    where aside is null
      and line = pupil_line
      and item = pupil_item
  )
select s.file_id, s.line, s.item, hash(p.content, {columns_of_result}, s.item)
from {staged} as s
join said_of_pupil as p
  on p.file_id = s.file_id
  and p.line = s.pupil_line
  and p.item = s.pupil_item
where s.aside is null
"""
FINGERPRINT_EACH = """
insert into row_content
select file_id, line, item, hash(hash({columns_of_pupil}), {columns_of_result}, item)
from {staged}
where aside is null
"""
LOAD_PUPILS = """
insert into landing.export_pupil by name
select {pupil_columns}
from (
{typed_pupil}
)
where rule_code is null
"""
LOAD_ITEMS = """
insert into landing.export_item by name
select {item_columns}
from (
{typed_item}
) as i
where rule_code is null
"""
OF_LOADED_PUPILS = """
  and exists (
    select 1
    from landing.export_pupil as p
    where p.file_id = i.file_id
      and p.line = i.pupil_line
      and p.item = i.pupil_item
  )
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


def land_portion(con: duckdb.DuckDBPyConnection, portion: Portion, corrected: bool) -> None:
    """Load what is staged, and keep what cannot be loaded."""
    settle_facts(con, portion, corrected)
    ((to_load, pupils, passed_over, strokes),) = portion.ask(con, LOOK)
    if passed_over:
        portion.ask(con, _sql("pass_over"))
    if strokes:
        portion.ask(con, _sql("stroke_dates"))
    portion.ask(con, _filled(FINGERPRINT if pupils < to_load else FINGERPRINT_EACH))
    ((pupils_loaded,),) = portion.ask(con, _filled(LOAD_PUPILS))
    of_loaded = OF_LOADED_PUPILS if pupils_loaded < pupils else ""
    ((loaded,),) = portion.ask(con, _filled(LOAD_ITEMS + of_loaded))
    if loaded < to_load:
        portion.ask(con, _sql("keep_wrong"))


def end_landing(con: duckdb.DuckDBPyConnection) -> None:
    """Keep the reasons of all that was not loaded, and take away what was made for this."""
    again = first_value(con, COMES_AGAIN)
    if again:
        con.execute(_sql("pass_over_repeats"))
    if again or first_value(con, "select 1 from wrong limit 1"):
        con.execute(_sql("settle_pupils"))
    con.execute(_sql("end_landing"))
    for table in (
        *("stage", "staged_file", "wrong", "wrong_row", "set_aside", "passed_over"),
        *("row_content", "stroke_date", "led_by_none"),
    ):
        con.execute(f"drop table if exists {table}")


@cache
def _sql(name: str) -> str:
    return _filled((QUERIES / f"{name}.sql").read_text(encoding="utf-8"))


@cache
def _filled(sql: str) -> str:
    pupil, item = (
        [c.name for c in tables()[f"landing.{name}"].columns]
        for name in ("export_pupil", "export_item")
    )
    for typed in ("typed_pupil", "typed_item"):
        if f"{{{typed}}}" in sql:
            sql = sql.replace(f"{{{typed}}}", _sql(typed))
    columns = standard_columns()
    read = [c for c in dict.fromkeys([*pupil, *item]) if c not in PLACES]
    sql = sql.replace("{pupil_columns}", ", ".join(pupil))
    sql = sql.replace("{item_columns}", ", ".join(item))
    sql = sql.replace("{read_columns}", ", ".join(f"r.{c}" for c in read))
    sql = sql.replace("{columns_of_pupil}", _listed(c for c in columns if c not in OF_RESULT))
    sql = sql.replace("{columns_of_result}", _listed(c for c in columns if c in OF_RESULT))
    return sql.replace("{all_columns}", _listed(columns))


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{c}"' for c in columns)
