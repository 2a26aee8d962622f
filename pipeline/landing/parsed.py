"""From rows of text as parsed, with their file and line, to `stage`, as their layout says."""

import re
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
    surely_of_pupil,
)
from pipeline.landing.received import Received
from pipeline.warehouse.query import registered

if TYPE_CHECKING:
    from typing import TypeAlias

    import pyarrow as pa

    Rows: TypeAlias = pa.Table | pa.RecordBatchReader

PLACES = ("file_id", "line", "pupil_line")
# What stands in the row as parsed, where nothing need be trimmed.
AS_SENT = re.compile(rf"[ct]\d+|{'|'.join(PLACES)}")


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
    con: duckdb.DuckDBPyConnection, match: Match, file: Received, parsed: "pa.Table", tidy: bool
) -> "tuple[pa.Table, str]":
    """What `insert_parsed` would stage of rows that hold one result each: a table in memory, and
    the query that stands for the rows, in which it is called `{part}`.

    Where a row is read as it was sent, and only has to be judged, that is the table as parsed.
    """
    columns = stage_columns(match)
    same = {name: sql for name, sql in columns.items() if sql == NULL or sql.isdigit()}
    varying = {name: sql for name, sql in columns.items() if name not in same}
    made = {name: sql for name, sql in varying.items() if not AS_SENT.fullmatch(sql)}
    if tidy and set(made) <= {"aside"} and not match.takes:
        part = _with_asides(con, match, file, parsed, columns["aside"])
        named = columns | {"aside": "aside" if "aside" in part.schema.names else NULL}
        places = ", ".join(c for c in part.schema.names if c in (*PLACES, "aside"))
        texts = f"select {places}{_texts(match, tidy)} from {{part}}"
        return part, f"(select {_listed(named)} from ({texts}))"
    with _parsed_row(con, match, [file], parsed, tidy):
        part = con.sql(_select(varying)).to_arrow_table()
    named = {name: same.get(name, f'"{name}"') for name in columns}
    return part, f"(select {_listed(named)} from {{part}})"


def _with_asides(
    con: duckdb.DuckDBPyConnection, match: Match, file: Received, parsed: "pa.Table", aside: str
) -> "pa.Table":
    """The table with why a row is passed over, where one is; its rows are in order of line."""
    import pyarrow as pa
    import pyarrow.compute as pc

    with _parsed_row(con, match, [file], parsed, tidy=True):
        unsure = con.sql(f"select line from parsed_row where not {surely_of_pupil(match)}")
        lines = unsure.to_arrow_table()["line"].combine_chunks()
    if not len(lines):
        return parsed
    looked_at = parsed.filter(pc.is_in(parsed["line"], lines))
    with _parsed_row(con, match, [file], looked_at, tidy=True):
        judged = con.sql(
            f"select line, aside from (select line, {aside} as aside from parsed_row) "
            "where aside is not null order by line"
        ).to_arrow_table()
    if not len(judged):
        return parsed
    passed_over = pc.is_in(parsed["line"], judged["line"].combine_chunks()).combine_chunks()
    nothing = pa.nulls(len(parsed), pa.string())
    asides = pc.replace_with_mask(nothing, passed_over, judged["aside"].combine_chunks())
    return parsed.append_column("aside", asides)


def _select(columns: dict[str, str]) -> str:
    return f"select {_listed(columns)} from parsed_row"


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(f'{sql} as "{name}"' for name, sql in columns.items())


def _texts(match: Match, tidy: bool) -> str:
    """Each text as sent, and without blanks around it, to be selected from the rows as parsed."""
    # An outcome is kept as it was sent, so that an empty one is no null.
    outcomes = {i for i, c in enumerate(match.columns) if c == "outcome"}
    outcomes |= {i for r in match.results for i in (r.place, r.or_else) if i is not None}
    texts = []
    for i in range(len(match.columns)):
        sent = f"coalesce(c{i}, '')" if tidy and i in outcomes else f"c{i}"
        texts.append(f", {sent} as c{i}, {f'c{i}' if tidy else f'text_of(c{i})'} as t{i}")
    return "".join(texts)


@contextmanager
def _parsed_row(
    con: duckdb.DuckDBPyConnection, match: Match, files: list[Received], rows: "Rows", tidy: bool
) -> Iterator[None]:
    """`parsed_row`: each text as sent (c0) and without blanks around it (t0), and what the path of
    the file says (by_school)."""
    import pyarrow as pa

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
            f"select p.file_id, p.line, p.pupil_line{said}{_texts(match, tidy)} "
            f"from {source} as p {join}"
        )
        yield
        con.execute("drop view parsed_row")
        if match.results:
            con.execute("drop table parsed")
