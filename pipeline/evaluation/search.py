"""The finished file, reopened and searched value by value before anyone gets it.

Two questions are asked of each value. Is it, or does it hold, something that identifies? And is
it one of the values that its column may have? A value of a fixed set (a term, an outcome) is not
held against a pupil of the same name: a pupil called Spring does not stop a release (words that a
programme adds to the sets are compared with names before, in own_words.py). Text outside
its set stops it whether or not it is known to identify, so that no free text leaves at all.
Numbers are compared from six digits on (URN, LAESTAB, long admission numbers, dates written as
numbers), except in columns that count rows or pupils: these may equal any number by chance.
"""

from typing import Any

import duckdb

from pipeline.errors import Defect
from pipeline.evaluation.allow_list import PROGRAM, AllowList, PublishedTable
from pipeline.evaluation.gather import (
    CATALOG,
    NOTHING_PUBLISHED,
    make_gathered,
    take_catalog,
    take_columns,
    take_program_rows,
)
from pipeline.evaluation.known import compact, folded, words
from pipeline.warehouse.query import first_value


def search_finished(
    con: duckdb.DuckDBPyConnection,
    allowed: AllowList,
    program_rows: dict[str, list[tuple[Any, ...]]],
) -> None:
    """Search the attached file; `temp.known` and the database `pseudonyms` are made before.

    `program_rows` holds, by table, the rows that the program wrote itself. Raises Defect naming
    table and column, never the value.
    """
    make_gathered(con)
    take_catalog(con, allowed)
    for table in allowed.tables:
        if table.source == PROGRAM:
            take_program_rows(con, table, program_rows[table.name])
        else:
            take_columns(con, table)
    con.execute("insert into searched from foreign_value")
    _refuse_known(con)
    _refuse_foreign(con)
    for table in allowed.tables:
        _refuse_twice(con, table)


def _refuse_known(con: duckdb.DuckDBPyConnection) -> None:
    hits = con.execute(
        f"""-- a place in the file that holds something that identifies
        with value as (
          select distinct place, {folded("value")} as value
          from searched
        ),
        form as (
          select place, value as form from value
          union
          select place, {compact("value")} from value
          union
          select place, unnest({words("value")}) from value
          union
          select place, {compact("part")}
          from (select place, unnest(string_split(value, ' ')) as part from value)
        )
        select distinct f.place
        from form as f
        where f.form in (select form from known)
        order by f.place"""
    ).fetchall()
    if hits:
        raise Defect(
            f"{CATALOG}.duckdb: {'; '.join(place for (place,) in hits)}: holds something that "
            f"identifies a pupil, a school or a member of staff. {NOTHING_PUBLISHED}"
        )


def _refuse_foreign(con: duckdb.DuckDBPyConnection) -> None:
    places = con.execute("select distinct place from foreign_value order by place").fetchall()
    if places:
        raise Defect(
            f"{CATALOG}.duckdb: {'; '.join(place for (place,) in places)}: holds a value that is "
            f"not of its fixed set. {NOTHING_PUBLISHED}"
        )


def _refuse_twice(con: duckdb.DuckDBPyConnection, table: PublishedTable) -> None:
    keys = ", ".join(f'"{k}"' for k in table.key)
    twice = first_value(
        con,
        f"select count(*) from (select {keys} from {CATALOG}.main.{table.name} "
        f"group by {keys} having count(*) > 1)",
    )
    if twice:
        raise Defect(
            f"{CATALOG}.duckdb, table {table.name}: {twice} keys stand in more "
            f"than one row. {NOTHING_PUBLISHED}"
        )
