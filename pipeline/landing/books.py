"""The books of an ingest: what is kept of each file, and whether its rows add up."""

import datetime as dt
from pathlib import Path

import duckdb

from pipeline.errors import Defect
from pipeline.landing.ledger import Entry, Ledger
from pipeline.landing.received import Received
from pipeline.warehouse.query import insert_rows
from pipeline.warehouse.tables import tables

QUERIES = Path(__file__).parent / "queries"
WITHDRAWN = (
    "select file_id, withdrawn_by from landing.export_file where status = 'withdrawn' order by all"
)


def settle_withdrawn(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, removed: set[tuple[int, str]]
) -> bool:
    """Set which files are withdrawn. Returns whether that changed anything."""
    by_identity = ledger.withdrawals()
    numbers = [
        (number, by_identity[e.identity])
        for number, e in ledger.accepted().items()
        if (number, e.sha256) in removed
    ]
    con.execute("create or replace temp table withdrawn (file_id integer, number integer)")
    insert_rows(con, "withdrawn", ("file_id", "number"), numbers)
    before = con.execute(WITHDRAWN).fetchall()
    con.execute((QUERIES / "settle_withdrawn.sql").read_text(encoding="utf-8"))
    return bool(before != con.execute(WITHDRAWN).fetchall())


def entries_of(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, new: list[Received], now: dt.datetime
) -> list[Entry]:
    says = _says(con)
    written = {e.sequence for e in ledger.entries}
    entries = []
    for file in new:
        if file.file_id in written:
            continue
        school_id, academic_year, term = says.get(file.file_id, (None, None, None))
        entries.append(
            Entry(
                file.file_id,
                "refuse" if file.refusal else "accept",
                file.sha256,
                file.path,
                now.isoformat(),
                file.layout,
                school_id,
                academic_year,
                term,
                file.refusal,
                file.part,
                file.said_by_path,
            )
        )
    return entries


def _says(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[int | None, str | None, str | None]]:
    """School, academic year and term of each file whose rows agree on them."""
    sql = (QUERIES / "file_says.sql").read_text(encoding="utf-8")
    return {row[0]: row[1:] for row in con.execute(sql).fetchall()}


def record_files(
    con: duckdb.DuckDBPyConnection, entries: list[Entry], files: list[Received], read_with: str
) -> None:
    by_id = {e.sequence: e for e in entries if e.action in ("accept", "refuse")}
    says = _says(con)
    by_outcome = counts(con)
    con.execute(
        "delete from landing.export_file where list_contains(?, file_id)",
        [[file.file_id for file in files]],
    )
    rows = []
    for file in files:
        entry = by_id[file.file_id]
        rows.append(
            (
                file.file_id,
                file.sha256,
                file.name,
                entry.layout,
                *says.get(file.file_id, (None, None, None)),
                "refused" if file.refusal else "loaded",
                file.rows_read,
                *by_outcome.get(file.file_id, (0, 0, 0)),
                file.results_read,
                *(0, 0, 0, 0),
                dt.datetime.fromisoformat(entry.received_at).replace(tzinfo=None),
                file.refusal,
                read_with,
                None,
            )
        )
    columns = [c.name for c in tables()["landing.export_file"].columns]
    insert_rows(con, "landing.export_file", columns, rows)


def counts(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[int, int, int]]:
    """Rows loaded, rejected and skipped of each file."""
    sql = (QUERIES / "count_rows.sql").read_text(encoding="utf-8")
    return {row[0]: row[1:] for row in con.execute(sql).fetchall()}


def check_sums(con: duckdb.DuckDBPyConnection, files: list[Received]) -> None:
    """Rows counted without the parser are those loaded, rejected and skipped; results likewise."""
    wrong = con.execute((QUERIES / "wrong_sums.sql").read_text(encoding="utf-8")).fetchall()
    ours = {f.file_id for f in files}
    wrong = [row for row in wrong if row[0] in ours]
    if wrong:
        raise Defect(
            f"file {wrong[0][0]}: its rows do not add up ({wrong[0][1]}). Nothing was changed."
        )
