"""Bring received files into one table of text, `stage`, with file and physical line of each row.

Not within a transaction: there, DuckDB numbers rows from elsewhere.
"""

import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipeline.errors import ExportRefused
from pipeline.landing.exact import read_exactly
from pipeline.landing.layout import Layout, standard_columns
from pipeline.landing.receive import BYTE_ORDER_MARK, Received
from pipeline.warehouse.query import first_row, insert_rows
from pipeline.warehouse.tables import quoted

# Small files are joined into one text before they are parsed: opening each costs far more.
JOIN_UNDER = 8 * 1024 * 1024

# The place of a row in the file is its rowid, as long as rows are numbered without a gap.
IN_ORDER = "select count(*), min(rowid), max(rowid) from parsed"

Tick = Callable[[int], None]


def make_stage(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables of one ingest."""
    columns = ", ".join(f'"{c}" varchar' for c in standard_columns())
    con.execute(f"create or replace temp table stage (file_id integer, line bigint, {columns})")
    con.execute(
        "create or replace temp table set_aside "
        "(file_id integer, line bigint, column_name varchar, rule_code varchar, reason varchar)"
    )
    con.execute(
        "create or replace temp table passed_over (file_id integer, line bigint, reason varchar)"
    )


def stage_files(
    con: duckdb.DuckDBPyConnection, files: list[Received], private: Path, tick: Tick
) -> None:
    """Stage every file; where one cannot be, its `refusal` says why and none of it is staged."""
    groups: dict[Layout, list[Received]] = defaultdict(list)
    for file in files:
        if file.scan.plain and file.layout:
            groups[file.layout].append(file)
        else:
            _stage_exactly(con, file)
            tick(1)
    for layout, group in groups.items():
        small = [f for f in group if f.scan.size < JOIN_UNDER]
        for batch in (small, *([f] for f in group if f.scan.size >= JOIN_UNDER)):
            if batch and not _stage_batch(con, layout, batch, private):
                for file in batch:
                    _stage_exactly(con, file)
            tick(len(batch))


def _stage_batch(
    con: duckdb.DuckDBPyConnection, layout: Layout, batch: list[Received], private: Path
) -> bool:
    """Parse plain files of one header together. False where the parser's count is not ours."""
    joined = private / "joined.csv"
    source, skip = (batch[0].copy, 1) if len(batch) == 1 else (joined, 0)
    if len(batch) > 1:
        _join(batch, joined)
    places = [f"c{i}" for i in range(len(layout.columns))]
    described = ", ".join(f"'{p}': 'varchar'" for p in places)
    try:
        con.execute(
            f"create or replace temp table parsed as select * from read_csv({quoted(str(source))}, "
            f"columns = {{{described}}}, auto_detect = false, header = false, skip = {skip}, "
            f"delim = ',', quote = '\"', escape = '\"', nullstr = '\x01', "
            f"max_line_size = 33554432)"
        )
        rows = sum(f.data_lines for f in batch)
        if first_row(con, IN_ORDER) != (rows, 0, rows - 1):
            return False
        _insert_parsed(con, layout, batch)
        return True
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False
    finally:
        joined.unlink(missing_ok=True)
        con.execute("drop table if exists parsed")


def _insert_parsed(con: duckdb.DuckDBPyConnection, layout: Layout, batch: list[Received]) -> None:
    import pyarrow as pa

    starts, at = [], 0
    for file in batch:
        starts.append(at)
        at += file.data_lines
    names = ", ".join(f'"{c}"' for c in layout.columns if c)
    values = ", ".join(f"p.c{i}" for i, c in enumerate(layout.columns) if c)
    if len(batch) == 1:
        con.execute(
            f"insert into stage (file_id, line, {names}) "
            f"select {batch[0].file_id}, p.rowid + 2, {values} from parsed as p"
        )
        return
    spans = pa.table({"start": starts, "file_id": [f.file_id for f in batch]})
    con.register("spans", spans)
    con.execute(
        f"insert into stage (file_id, line, {names}) "
        f"select s.file_id, p.rowid - s.start + 2, {values} "
        f"from (select *, rowid from parsed) as p "
        f"asof join spans as s on p.rowid >= s.start"
    )
    con.unregister("spans")


def _join(batch: list[Received], joined: Path) -> None:
    """One text of all data lines, without headers and with one kind of line end."""
    with joined.open("wb") as target:
        for file in batch:
            body = file.copy.read_bytes().removeprefix(BYTE_ORDER_MARK).partition(b"\n")[2]
            target.write(body.replace(b"\r\n", b"\n"))
            if body and not body.endswith(b"\n"):
                target.write(b"\n")


def _stage_exactly(con: duckdb.DuckDBPyConnection, file: Received) -> None:
    import pyarrow as pa

    assert file.layout
    try:
        found = read_exactly(file)
    except (ExportRefused, csv.Error) as refused:
        file.refusal = str(refused)
        return
    columns = {
        name: pa.array([row[i] for row in found.rows], type=pa.string())
        for i, name in enumerate(file.layout.columns)
        if name
    }
    block = pa.table({"line": pa.array(found.lines, type=pa.int64()), **columns})
    con.register("exact_rows", block)
    names = ", ".join(f'"{c}"' for c in block.column_names)
    con.execute(
        f"insert into stage (file_id, {names}) select {file.file_id}, {names} from exact_rows"
    )
    con.unregister("exact_rows")
    expected = len(file.layout.columns)
    wrong = [
        (
            *(file.file_id, line, "row_columns"),
            f"The row has {width} {'field' if width == 1 else 'fields'}; the headings have "
            f"{expected}.",
        )
        for line, width in found.wrong_width
    ]
    insert_rows(con, "set_aside", ("file_id", "line", "rule_code", "reason"), wrong)
    blank = [(file.file_id, line, "blank row") for line in found.blank_lines]
    insert_rows(con, "passed_over", ("file_id", "line", "reason"), blank)
    file.rows_read = found.rows_read
