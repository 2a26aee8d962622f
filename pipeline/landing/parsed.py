"""From rows of text as parsed, `parsed` (c0, c1, …), to `stage`, as their layout says."""

import duckdb

from pipeline.landing.layouts.columns import standard_columns
from pipeline.landing.layouts.match import Match
from pipeline.landing.layouts.sql import (
    STAGED,
    item_queries,
    results_query,
    row_query,
    stage_query,
)
from pipeline.landing.received import Received


def insert_parsed(
    con: duckdb.DuckDBPyConnection,
    match: Match,
    batch: list[Received],
    starts: list[int],
    line: str | None,
) -> None:
    """From `parsed` into `stage`; rows from each of `starts` on are those of its file.

    `line` is what their physical line is; None where they say it themselves.
    """
    import pyarrow as pa

    spans = {
        "start": pa.array(starts, pa.int64()),
        "file_id": pa.array([f.file_id for f in batch], pa.int32()),
        "first_line": pa.array([f.body.first_line if f.body else 0 for f in batch], pa.int64()),
    }
    for c in match.takes:
        spans[f"by_{c}"] = pa.array([f.by_path.get(c) for f in batch], pa.string())
    con.register("spans", pa.table(spans))
    said = "".join(f", s.by_{c}" for c in match.takes)
    join = "asof join spans as s on p.rowid >= s.start"
    if len(batch) == 1:
        join = "cross join spans as s"
    numbered = f", {line} as line" if line else ""
    con.execute(
        f"create or replace temp view parsed_row as select s.file_id{numbered}{said}, "
        f"p.* exclude (rowid) from (select rowid, * from parsed) as p {join}"
    )
    names = ", ".join(f'"{c}"' for c in (*STAGED, *standard_columns()))
    if not match.results:
        con.execute(f"insert into stage ({names}) {stage_query(match, 'parsed_row')}")
    else:
        con.execute(f"create or replace temp table read_row as {row_query(match, 'parsed_row')}")
        for query in item_queries(match, "read_row"):
            con.execute(f"insert into stage ({names}) {query}")
        con.execute("drop table read_row")
        holds = dict(con.execute(results_query(match, "parsed_row")).fetchall())
        for file in batch:
            file.results_read = holds.get(file.file_id, 0)
    con.execute("drop view parsed_row")
    con.unregister("spans")
