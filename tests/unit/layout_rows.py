"""What a layout makes of rows, without the rest of an ingest."""

from typing import Any

import duckdb

from pipeline.landing.layouts.find import Found
from pipeline.landing.layouts.sql import item_queries, row_query, stage_columns
from pipeline.resources import resource


def staged_rows(here: Found, rows: list[list[str]]) -> list[dict[str, Any]]:
    """Rows of standard columns as the program stages them, without those that say nothing."""
    con = duckdb.connect()
    con.execute(resource("pipeline", "landing", "queries", "macros.sql").read_text("utf-8"))
    columns = ", ".join(f"c{i} varchar" for i in range(len(here.match.columns)))
    by_path = dict(here.by_path)
    said = "".join(f", by_{c} varchar" for c in here.match.takes)
    con.execute(
        f"create temp table sent (file_id integer, line bigint, pupil_line bigint{said}, {columns})"
    )
    for line, row in enumerate(rows, start=2):
        values = [1, line, line, *(by_path.get(c) for c in here.match.takes), *row]
        con.execute(f"insert into sent values ({', '.join('?' * len(values))})", values)
    bare = ", ".join(f"text_of(c{i}) as t{i}" for i in range(len(here.match.columns)))
    con.execute(f"create temp view relation as select *, {bare} from sent")
    named = ", ".join(f'{sql} as "{name}"' for name, sql in stage_columns(here.match).items())
    query = f"select {named} from relation"
    if here.match.results:
        con.execute(f"create temp table read_row as {row_query(here.match, 'relation')}")
        query = " union all ".join(item_queries(here.match, "read_row"))
    cursor = con.execute(f"select * from ({query}) order by line, item")
    names = [d[0] for d in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
