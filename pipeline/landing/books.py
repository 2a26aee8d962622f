"""The books of an ingest: what is kept of each file, and whether its rows add up."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import Defect
from pipeline.landing.ledger import Entry, Ledger, standing_refusals
from pipeline.landing.received import Received
from pipeline.warehouse.query import first_row, insert_rows
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
                *((file.rows_read, file.results_read) if file.refusal else (0, 0)),
                file.container_sha256,
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
    """Keep what was read of the accepted ones among `files`."""
    by_id = {e.sequence: e for e in entries if e.action == "accept"}
    files = [file for file in files if file.file_id in by_id]
    says = _says(con)
    by_outcome = counts(con)
    _delete_files(con, [file.file_id for file in files])
    rows = []
    for file in files:
        entry = by_id[file.file_id]
        if file.refusal:
            refused = replace(entry, rows_read=file.rows_read, results_read=file.results_read)
            rows.append(_refused_row(refused, file.refusal))
            continue
        rows.append(
            (
                file.file_id,
                file.sha256,
                file.name,
                entry.layout,
                *says.get(file.file_id, (None, None, None)),
                "loaded",
                file.rows_read,
                *by_outcome.get(file.file_id, (0, 0, 0)),
                file.results_read,
                *(0, 0, 0, 0),
                dt.datetime.fromisoformat(entry.received_at).replace(tzinfo=None),
                None,
                read_with,
                None,
            )
        )
    _insert_files(con, rows)


def record_refused(con: duckdb.DuckDBPyConnection, entries: list[Entry]) -> None:
    """Keep the refused files as the ledger has them, which alone knows of those long gone."""
    _delete_files(con, [e.sequence for e in entries if e.action == "refuse"])
    _insert_files(con, [_refused_row(e, e.message or "") for e in standing_refusals(entries)])


def _refused_row(entry: Entry, refusal: str) -> tuple[Any, ...]:
    """All its rows are rejected with it; it is read anew each time, so `read_with` is nothing."""
    return (
        *(entry.sequence, entry.sha256, entry.name, entry.layout, None, None, None, "refused"),
        *(entry.rows_read, 0, entry.rows_read, 0),
        *(entry.results_read, 0, 0, entry.results_read, 0),
        dt.datetime.fromisoformat(entry.received_at).replace(tzinfo=None),
        *(refusal, None, None),
    )


def _delete_files(con: duckdb.DuckDBPyConnection, file_ids: list[int]) -> None:
    con.execute(
        "delete from landing.export_file where file_id in (select unnest(?::integer[]))",
        [file_ids],
    )


def _insert_files(con: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]]) -> None:
    columns = [c.name for c in tables()["landing.export_file"].columns]
    insert_rows(con, "landing.export_file", columns, rows)


def counts(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[int, int, int]]:
    """Rows loaded, rejected and skipped of each file."""
    sql = (QUERIES / "count_rows.sql").read_text(encoding="utf-8")
    return {row[0]: row[1:] for row in con.execute(sql).fetchall()}


def count_results(con: duckdb.DuckDBPyConnection) -> None:
    """Count what became of the results of each file, once core is made."""
    _run(con, "forget_set_aside")
    # Few warehouses have such rows, and their names are looked for in all others.
    if first_row(con, "select 1 from core.set_aside_row limit 1"):
        _run(con, "reject_set_aside")
    _run(con, "count_results")


def _run(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute((QUERIES / f"{name}.sql").read_text(encoding="utf-8"))


def check_sums(con: duckdb.DuckDBPyConnection) -> None:
    """Rows counted without the parser are those loaded, rejected and skipped; results likewise.

    Raises Defect naming the first file, of all that the warehouse holds, where they are not.
    """
    wrong = first_row(con, (QUERIES / "wrong_sums.sql").read_text(encoding="utf-8"))
    if wrong:
        raise Defect(
            f"file {wrong[0]}: its rows do not add up ({wrong[1]}). Nothing was changed. "
            f"`achievement rebuild` makes the warehouse anew from the archive"
        )
