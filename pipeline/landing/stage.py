"""Bring received files into rows of standard columns, with file and physical line.

Files come in portions that are held in memory whole: several small files together, a large one in
parts where its layout reads each row by itself.
"""

from collections import defaultdict
from collections.abc import Callable, Generator

import duckdb

from pipeline.errors import ExportRefused
from pipeline.landing.ahead import made_ahead
from pipeline.landing.exact import ExactRows, miscounted, read_exactly, rows_of_grid
from pipeline.landing.facts import of_pupil
from pipeline.landing.layouts.columns import standard_columns
from pipeline.landing.layouts.match import Match
from pipeline.landing.layouts.sql import STAGED
from pipeline.landing.parsed import insert_parsed, staged_rows
from pipeline.landing.portion import Portion
from pipeline.landing.reading.plain import PlainRows
from pipeline.landing.received import Received
from pipeline.landing.stage_ctf import stage_ctf
from pipeline.warehouse.query import insert_rows

# So many rows are staged together; a table of them takes some hundred megabytes.
ROWS_TOGETHER = 1_000_000
# So many rows read one by one are brought in together.
MOST_ROWS_TOGETHER = 200_000
TYPES = {
    **{"file_id": "integer", "line": "bigint", "item": "integer"},
    **{"pupil_line": "bigint", "pupil_item": "integer"},
}

BLANK_ROWS = """
select file_id, count(*)
from (
  select file_id from {staged} where aside = 'blank row'
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


def stage_portions(
    con: duckdb.DuckDBPyConnection, files: list[Received], corrected: bool, tick: Tick
) -> Generator[Portion, None, None]:
    """One portion after the other of what the files hold. Where a file cannot be staged, its
    `refusal` says why. Rows are `corrected` in the table `stage`, so that then no file comes in
    parts.
    """
    together: list[Received] = []
    rows = 0
    for file in files:
        if not corrected and _in_parts(file):
            yield from _parts(con, file)
            tick(1)
            continue
        if together and rows + file.rows_read > ROWS_TOGETHER:
            yield _stage_files(con, together, tick)
            con.execute("truncate stage")
            together, rows = [], 0
        together.append(file)
        rows += file.rows_read
    if together:
        yield _stage_files(con, together, tick)


def _in_parts(file: Received) -> bool:
    """Whether a file is large, and nothing in it is understood only from the whole of it."""
    if not file.found or not file.body or not file.body.scan.plain:
        return False
    match, layout = file.found.match, file.found.match.layout
    whole = layout.term_from_date or layout.repeats_ignore or layout.scale_from_values
    return (
        file.rows_read > ROWS_TOGETHER and layout.exact_headings and not match.results and not whole
    )


def _parts(con: duckdb.DuckDBPyConnection, file: Received) -> Generator[Portion, None, None]:
    assert file.found and file.body
    match, tidy = file.found.match, file.body.scan.tidy
    rows = PlainRows({file.file_id: file.body}, len(match.columns), tidy, of_pupil(match))
    with made_ahead(rows.tables(ROWS_TOGETHER)) as tables:
        for parsed in tables:
            part, source = staged_rows(con, match, file, parsed, tidy)
            del parsed
            portion = Portion([file], source, part)
            del part
            yield portion
            portion.let_go()
    if rows.read[file.file_id] != file.rows_read:
        file.refusal = miscounted(file.rows_read, rows.read[file.file_id])


def _stage_files(con: duckdb.DuckDBPyConnection, files: list[Received], tick: Tick) -> Portion:
    """Stage whole files; of one that is refused nothing is staged."""
    plain: dict[tuple[Match, str, bool], list[Received]] = defaultdict(list)
    one_by_one: dict[Match, list[Received]] = defaultdict(list)
    for file in files:
        if file.ctf:
            stage_ctf(con, file)
            tick(1)
        elif file.found and file.body and file.body.scan.plain:
            plain[file.found.match, file.body.delimiter, file.body.scan.tidy].append(file)
        elif file.found:
            one_by_one[file.found.match].append(file)
    for (match, _, tidy), group in plain.items():
        odd = _stage_plain(con, match, group, tidy)
        one_by_one[match] += odd
        tick(len(group) - len(odd))
    for match, group in one_by_one.items():
        _stage_exactly(con, match, group)
        tick(len(group))
    return Portion(files)


def count_results_read(con: duckdb.DuckDBPyConnection, portion: Portion) -> None:
    """Where a row holds one result: rows, counted before they were parsed, but for blank ones."""
    blank = dict(portion.ask(con, BLANK_ROWS))
    for file in portion.files:
        if file.kind == "results" and file.found and not file.found.match.results:
            file.results_read = file.rows_read - blank.get(file.file_id, 0)


def _stage_plain(
    con: duckdb.DuckDBPyConnection, match: Match, files: list[Received], tidy: bool
) -> list[Received]:
    """Stage plain files of one header together. Returns those of which the parser's count is not
    ours, with nothing of them staged."""
    bodies = {f.file_id: f.body for f in files if f.body}
    rows = PlainRows(bodies, len(match.columns), tidy, of_pupil(match))
    insert_parsed(con, match, files, rows.take(), tidy)
    odd = [f for f in files if rows.read[f.file_id] != f.rows_read]
    if odd:
        con.execute("delete from stage where list_contains(?, file_id)", [[f.file_id for f in odd]])
    return odd


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
    """Rows read one by one, with what is wrong with the shape of others."""
    import pyarrow as pa

    if not together:
        return
    rows = [row for _, found in together for row in found.rows]
    ids = [file.file_id for file, found in together for _ in found.rows]
    lines = [line for _, found in together for line in found.lines]
    texts = {
        f"c{i}": pa.array([row[i] for row in rows], type=pa.string())
        for i in range(len(match.columns))
    }
    places = {
        "file_id": pa.array(ids, pa.int32()),
        "line": pa.array(lines, pa.int64()),
        "pupil_line": pa.array(lines, pa.int64()),
    }
    insert_parsed(con, match, [file for file, _ in together], pa.table(places | texts))
    one = 1 if match.layout.kind == "results" and not match.results else 0
    wrong = [
        (
            *(file.file_id, line, None, one, "row_columns"),
            f"The row has {width} {'field' if width == 1 else 'fields'}; the headings have "
            f"{len(match.columns)}.",
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
