"""Bring received files into one table of text, `stage`, with file and physical line of each row.

Not within a transaction: there, DuckDB numbers rows from elsewhere.
"""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipeline.errors import ExportRefused
from pipeline.landing.body import Body
from pipeline.landing.exact import ExactRows, read_exactly, rows_of_grid
from pipeline.landing.layouts.columns import standard_columns
from pipeline.landing.layouts.match import Match
from pipeline.landing.layouts.sql import STAGED
from pipeline.landing.parsed import insert_parsed
from pipeline.landing.received import Received
from pipeline.landing.stage_ctf import stage_ctf
from pipeline.warehouse.query import first_row, insert_rows
from pipeline.warehouse.tables import quoted

# Small files are joined into one text before they are parsed: opening each costs far more.
JOIN_UNDER = 8 * 1024 * 1024
# So many rows read one by one are brought in together.
MOST_ROWS_TOGETHER = 200_000
TYPES = {"file_id": "integer", "line": "bigint", "item": "integer"}

# The place of a row in the file is its rowid, as long as rows are numbered without a gap.
IN_ORDER = "select count(*), min(rowid), max(rowid) from parsed"

BLANK_ROWS = """
select file_id, count(*)
from (
  select file_id from stage where aside = 'blank row'
  union all
  select file_id from passed_over where reason = 'blank row'
)
group by file_id
"""

Tick = Callable[[int], None]


def make_stage(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables of one ingest."""
    columns = ", ".join(f'"{c}" {TYPES.get(c, "varchar")}' for c in (*STAGED, *standard_columns()))
    con.execute(f"create or replace temp table stage ({columns})")
    con.execute(
        "create or replace temp table set_aside (file_id integer, line bigint, item integer, "
        "results integer, column_name varchar, rule_code varchar, reason varchar)"
    )
    con.execute(
        "create or replace temp table passed_over "
        "(file_id integer, line bigint, item integer, results integer, reason varchar)"
    )


def stage_files(
    con: duckdb.DuckDBPyConnection, files: list[Received], private: Path, tick: Tick
) -> None:
    """Stage every file; where one cannot be, its `refusal` says why and none of it is staged."""
    by_line: dict[tuple[Match, str], list[Received]] = defaultdict(list)
    one_by_one: dict[Match, list[Received]] = defaultdict(list)
    for file in files:
        if file.ctf:
            stage_ctf(con, file)
            tick(1)
        elif file.found and file.body and file.body.scan.plain:
            by_line[file.found.match, file.body.delimiter].append(file)
        elif file.found:
            one_by_one[file.found.match].append(file)
    for (match, delimiter), group in by_line.items():
        small = [f for f in group if f.size < JOIN_UNDER]
        for batch in (small, *([f] for f in group if f.size >= JOIN_UNDER)):
            if batch and not _stage_batch(con, match, delimiter, batch, private):
                one_by_one[match] += batch
            else:
                tick(len(batch))
    for match, group in one_by_one.items():
        _stage_exactly(con, match, group)
        tick(len(group))


def count_results_read(con: duckdb.DuckDBPyConnection, files: list[Received]) -> None:
    """Where a row holds one result: rows, counted before they were parsed, but for blank ones."""
    blank = dict(con.execute(BLANK_ROWS).fetchall())
    for file in files:
        if file.kind == "results" and file.found and not file.found.match.results:
            file.results_read = file.rows_read - blank.get(file.file_id, 0)


def _stage_batch(
    con: duckdb.DuckDBPyConnection,
    match: Match,
    delimiter: str,
    batch: list[Received],
    private: Path,
) -> bool:
    """Parse plain files of one header together. False where the parser's count is not ours."""
    bodies = [f.body for f in batch if f.body]
    joined = private / "joined.csv"
    source, skip = (bodies[0].path, bodies[0].first_line - 1) if len(batch) == 1 else (joined, 0)
    if len(batch) > 1:
        _join(bodies, joined)
    described = ", ".join(f"'c{i}': 'varchar'" for i in range(len(match.columns)))
    try:
        con.execute(
            f"create or replace temp table parsed as select * from read_csv({quoted(str(source))}, "
            f"columns = {{{described}}}, auto_detect = false, header = false, skip = {skip}, "
            f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', nullstr = '\x01', "
            f"max_line_size = 33554432)"
        )
        rows = sum(b.data_lines for b in bodies)
        in_order = first_row(con, IN_ORDER) == (rows, 0, rows - 1)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        in_order = False
    joined.unlink(missing_ok=True)
    if in_order:
        starts, at = [], 0
        for body in bodies:
            starts.append(at)
            at += body.data_lines
        insert_parsed(con, match, batch, starts, "p.rowid - s.start + s.first_line")
    con.execute("drop table if exists parsed")
    return in_order


def _join(bodies: list[Body], joined: Path) -> None:
    """One text of all data lines, without headers and with one kind of line end."""
    with joined.open("wb") as target:
        for body in bodies:
            text = body.path.read_bytes()[body.offset :]
            target.write(text.replace(b"\r\n", b"\n"))
            if text and not text.endswith(b"\n"):
                target.write(b"\n")


def _stage_exactly(con: duckdb.DuckDBPyConnection, match: Match, files: list[Received]) -> None:
    together: list[tuple[Received, ExactRows]] = []
    rows = 0
    for file in files:
        try:
            found = _exact_rows(file)
        except ExportRefused as refused:
            file.refusal = str(refused)
            continue
        file.grid = None
        together.append((file, found))
        rows += len(found.rows)
        if rows > MOST_ROWS_TOGETHER:
            _insert_exact(con, match, together)
            together, rows = [], 0
    _insert_exact(con, match, together)


def _exact_rows(file: Received) -> ExactRows:
    assert file.found
    if file.grid is not None:
        return rows_of_grid(file.grid, len(file.found.match.columns))
    assert file.body
    return read_exactly(file.body)


def _insert_exact(
    con: duckdb.DuckDBPyConnection, match: Match, together: list[tuple[Received, ExactRows]]
) -> None:
    """Rows read one by one: into `parsed`, and from there as those that DuckDB read."""
    import pyarrow as pa

    if not together:
        return
    rows = [row for _, found in together for row in found.rows]
    lines = [line for _, found in together for line in found.lines]
    columns = {
        f"c{i}": pa.array([row[i] for row in rows], type=pa.string())
        for i in range(len(match.columns))
    }
    con.register("read_rows", pa.table({"line": pa.array(lines, pa.int64()), **columns}))
    con.execute("create or replace temp table parsed as from read_rows")
    con.unregister("read_rows")
    starts, at = [], 0
    for _, found in together:
        starts.append(at)
        at += len(found.rows)
    # Of files that start at one place, all but the last have no rows.
    last = dict(zip(starts, (file for file, _ in together), strict=True))
    insert_parsed(con, match, list(last.values()), list(last), None)
    con.execute("drop table parsed")
    wide = len(match.columns)
    one = 1 if match.layout.kind == "results" and not match.results else 0
    wrong = [
        (
            *(file.file_id, line, None, one, "row_columns"),
            f"The row has {width} {'field' if width == 1 else 'fields'}; the headings have {wide}.",
        )
        for file, found in together
        for line, width in found.wrong_width
    ]
    insert_rows(
        con, "set_aside", ("file_id", "line", "item", "results", "rule_code", "reason"), wrong
    )
    blank = [(f.file_id, line, 0, "blank row") for f, x in together for line in x.blank_lines]
    insert_rows(con, "passed_over", ("file_id", "line", "results", "reason"), blank)
    for file, found in together:
        file.rows_read = found.rows_read
