"""From rows of text as parsed, with their file and line, to `stage`, as their layout says."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from pipeline.landing.layouts.columns import standard_columns
from pipeline.landing.layouts.match import Match
from pipeline.landing.layouts.sql import (
    NULL,
    STAGED,
    item_queries,
    results_query,
    row_query,
    stage_columns,
)
from pipeline.landing.received import Received
from pipeline.warehouse.query import registered

if TYPE_CHECKING:
    from typing import TypeAlias

    import pyarrow as pa

    Rows: TypeAlias = pa.Table | pa.RecordBatchReader


def insert_parsed(
    con: duckdb.DuckDBPyConnection,
    match: Match,
    files: list[Received],
    rows: "Rows",
    tidy: bool = False,
) -> None:
    """From `rows` (file_id, line, pupil_line, c0, c1, …) into `stage`; where they are `tidy`
    nothing is trimmed. Rows that hold several results set `results_read` of their files."""
    with _parsed_row(con, match, files, rows, tidy):
        if not match.results:
            con.execute(f"insert into stage by name {_select(stage_columns(match))}")
            return
        names = ", ".join(f'"{c}"' for c in (*STAGED, *standard_columns()))
        con.execute(f"create or replace temp table read_row as {row_query(match, 'parsed_row')}")
        for query in item_queries(match, "read_row"):
            con.execute(f"insert into stage ({names}) {query}")
        holds = dict(con.execute(results_query(match, "parsed_row")).fetchall())
        for file in files:
            file.results_read = holds.get(file.file_id, 0)
        con.execute("drop table read_row")


def staged_rows(
    con: duckdb.DuckDBPyConnection, match: Match, file: Received, rows: "Rows", tidy: bool
) -> "tuple[pa.Table, str]":
    """What `insert_parsed` would stage of rows that hold one result each: as a table in memory of
    what differs from row to row, and the list of what to select from it."""
    columns = stage_columns(match)
    same = {name: sql for name, sql in columns.items() if sql == NULL or sql.isdigit()}
    varying = {name: sql for name, sql in columns.items() if name not in same}
    with _parsed_row(con, match, [file], rows, tidy):
        table = con.sql(_select(varying)).to_arrow_table()
    listed = ", ".join(f'{same[c]} as "{c}"' if c in same else f'"{c}"' for c in columns)
    return table, listed


def _select(columns: dict[str, str]) -> str:
    listed = ", ".join(f'{sql} as "{name}"' for name, sql in columns.items())
    return f"select {listed} from parsed_row"


@contextmanager
def _parsed_row(
    con: duckdb.DuckDBPyConnection, match: Match, files: list[Received], rows: "Rows", tidy: bool
) -> Iterator[None]:
    """`parsed_row`: each text as sent (c0) and without blanks around it (t0), and what the path of
    the file says (by_school)."""
    import pyarrow as pa

    # An outcome is kept as it was sent, so that an empty one is no null.
    outcomes = {i for i, c in enumerate(match.columns) if c == "outcome"}
    outcomes |= {i for r in match.results for i in (r.place, r.or_else) if i is not None}
    texts = []
    for i in range(len(match.columns)):
        sent = f"coalesce(c{i}, '')" if tidy and i in outcomes else f"c{i}"
        texts.append(f"{sent} as c{i}, {f'c{i}' if tidy else f'text_of(c{i})'} as t{i}")
    by_file = {"said_file_id": pa.array([f.file_id for f in files], pa.int32())}
    for c in match.takes:
        by_file[f"by_{c}"] = pa.array([f.by_path.get(c) for f in files], pa.string())
    said = "".join(f", s.by_{c}" for c in match.takes)
    join = "join said_rows as s on s.said_file_id = p.file_id" if said else ""
    with registered(con, "read_rows", rows), registered(con, "said_rows", pa.table(by_file)):
        source = "read_rows"
        if match.results:
            # read more than once
            con.execute("create or replace temp table parsed as from read_rows")
            source = "parsed"
        con.execute(
            f"create or replace temp view parsed_row as "
            f"select p.file_id, p.line, p.pupil_line{said}, {', '.join(texts)} "
            f"from {source} as p {join}"
        )
        yield
        con.execute("drop view parsed_row")
        if match.results:
            con.execute("drop table parsed")
