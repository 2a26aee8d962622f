"""Stage 1, ingest: from `exports/` to `landing.*` and `core.*`, in one transaction.

What the warehouse lacks of the ledger's accepted files comes from the archive again, so a lost or
old warehouse is made anew, and a run that was ended between ledger and commit is completed.
"""

import datetime as dt
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipeline.errors import Defect, SurroundingsWrong
from pipeline.landing.incoming import Tick, sort_out
from pipeline.landing.layout import standard_columns
from pipeline.landing.ledger import Entry, Ledger
from pipeline.landing.receive import Received, export_files
from pipeline.landing.stage import make_stage, stage_files
from pipeline.programme import Programme
from pipeline.reference import reading_fingerprint
from pipeline.warehouse.connection import in_transaction
from pipeline.warehouse.models import run_models
from pipeline.warehouse.query import first_row, insert_rows
from pipeline.warehouse.tables import tables

HERE = Path(__file__).parent


@dataclass
class Ingested:
    """What an ingest did, in counts; refusals by path and reason."""

    files: int = 0
    loaded: int = 0
    unchanged: int = 0
    again: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    refused_ids: dict[str, int] = field(default_factory=dict)
    rows_loaded: int = 0
    rows_rejected: int = 0
    rows_skipped: int = 0
    unused_columns: int = 0


def ingest(
    con: duckdb.DuckDBPyConnection,
    programme: Programme,
    tick: Tick = lambda n: None,
    total: Tick = lambda n: None,
) -> Ingested:
    """Take in every file of `exports/` that is new. `tick` is told of files done, of `total`."""
    ledger = Ledger(programme.ledger)
    paths = export_files(programme.exports)
    total(2 * len(paths))
    read_with = reading_fingerprint(con)
    found = sort_out(con, programme, ledger, paths, tick, read_with)
    found.number(ledger)
    new, again = found.new, found.again
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    make_stage(con)
    stage_files(con, found.loadable, programme.private, tick)
    with in_transaction(con):
        _forget(con, again)
        _load(con, found.loadable)
        _refuse_unloadable(con, new)
        found.settle_twins()
        _same_number_as_before(con, ledger, new)
        entries = _entries(con, ledger, new, now)
        _record_files(con, [*ledger.entries, *entries], again + new, read_with)
        if new or again:
            run_models(con, HERE / "models")
            con.execute((HERE / "queries" / "count_results.sql").read_text(encoding="utf-8"))
            _check_sums(con, again + new)
        _keep(programme, [f for f in new if not f.refusal])
        ledger.append(entries)
    done = Ingested(files=len(paths), unchanged=found.unchanged, again=len(again))
    _tell(con, done, new, again)
    shutil.rmtree(programme.private / "incoming", ignore_errors=True)
    return done


def _forget(con: duckdb.DuckDBPyConnection, again: list[Received]) -> None:
    """What was read of files with other settings goes before they are read again."""
    for table in ("export_row", "rejected_row", "skipped_row"):
        con.execute(
            f"delete from landing.{table} where list_contains(?, file_id)",
            [[f.file_id for f in again]],
        )


def _load(con: duckdb.DuckDBPyConnection, files: list[Received]) -> None:
    con.execute("create or replace temp table staged_file (file_id integer, kind varchar)")
    kinds = [(f.file_id, f.layout.kind) for f in files if f.layout]
    insert_rows(con, "staged_file", ("file_id", "kind"), kinds)
    columns = ", ".join(f'"{c}"' for c in standard_columns())
    blank = " and ".join(f"nullif(trim(\"{c}\"), '') is null" for c in standard_columns())
    row = ", ".join(c.name for c in tables()["landing.export_row"].columns)
    for name in ("macros", "typed", "judge", "load"):
        sql = (HERE / "queries" / f"{name}.sql").read_text(encoding="utf-8")
        con.execute(
            sql.replace("{all_blank}", f"({blank})")
            .replace("{all_columns}", columns)
            .replace("{export_row_columns}", row)
        )
    for table in ("stage", "typed", "set_aside", "passed_over"):
        con.execute(f"drop table {table}")


def _refuse_unloadable(con: duckdb.DuckDBPyConnection, new: list[Received]) -> None:
    """A file of which no row could be loaded is refused as a whole, with the commonest reason."""
    loaded = _counts(con, "landing.export_row")
    for file in new:
        if file.refusal or loaded.get(file.file_id):
            continue
        top = first_row(
            con,
            "select reason, count(*), min(line) from landing.rejected_row where file_id = ? "
            "group by reason order by 2 desc, 1 limit 1",
            [file.file_id],
        )
        why = f"In {top[1]} of them, first on line {top[2]}: {top[0]}" if top else "All are blank."
        file.refusal = (
            f"none of its {file.rows_read} rows could be loaded. {why} "
            f"Correct the export and send it again."
        )


def _same_number_as_before(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, new: list[Received]
) -> None:
    """A file refused again for the same reason keeps its number, and the ledger its line."""
    before = ledger.last_refusals()
    for file in new:
        earlier = before.get((file.sha256, file.path))
        if not earlier:
            continue
        for table in ("export_file", "rejected_row", "skipped_row"):
            con.execute(f"delete from landing.{table} where file_id = ?", [earlier.sequence])
        if earlier.message == file.refusal:
            for table in ("rejected_row", "skipped_row"):
                con.execute(
                    f"update landing.{table} set file_id = ? where file_id = ?",
                    [earlier.sequence, file.file_id],
                )
            file.file_id = earlier.sequence


def _entries(
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
                file.layout.name if file.layout else None,
                school_id,
                academic_year,
                term,
                file.refusal,
            )
        )
    return entries


def _says(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[int | None, str | None, str | None]]:
    """School, academic year and term of each file whose rows agree on them."""
    sql = (HERE / "queries" / "file_says.sql").read_text(encoding="utf-8")
    return {row[0]: row[1:] for row in con.execute(sql).fetchall()}


def _record_files(
    con: duckdb.DuckDBPyConnection, entries: list[Entry], files: list[Received], read_with: str
) -> None:
    by_id = {e.sequence: e for e in entries if e.action in ("accept", "refuse")}
    says = _says(con)
    counts = [_counts(con, f"landing.{t}_row") for t in ("export", "rejected", "skipped")]
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
                file.path,
                entry.layout,
                *says.get(file.file_id, (None, None, None)),
                "refused" if file.refusal else "loaded",
                file.rows_read,
                *(c.get(file.file_id, 0) for c in counts),
                *(0, 0),
                dt.datetime.fromisoformat(entry.received_at).replace(tzinfo=None),
                file.refusal,
                read_with,
            )
        )
    columns = [c.name for c in tables()["landing.export_file"].columns]
    insert_rows(con, "landing.export_file", columns, rows)


def _counts(con: duckdb.DuckDBPyConnection, table: str) -> dict[int, int]:
    rows = con.execute(f"select file_id, count(*) from {table} group by file_id").fetchall()
    return dict(rows)


def _check_sums(con: duckdb.DuckDBPyConnection, files: list[Received]) -> None:
    """Rows counted without the parser are those loaded, rejected and skipped; results likewise."""
    wrong = con.execute(
        (HERE / "queries" / "wrong_sums.sql").read_text(encoding="utf-8")
    ).fetchall()
    ours = {f.file_id for f in files}
    wrong = [row for row in wrong if row[0] in ours]
    if wrong:
        raise Defect(
            f"file {wrong[0][0]}: its rows do not add up ({wrong[0][1]}). Nothing was changed."
        )


def _keep(programme: Programme, files: list[Received]) -> None:
    programme.archive.mkdir(parents=True, exist_ok=True)
    for file in files:
        try:
            file.copy.replace(programme.archive / f"{file.sha256}.csv")
        except OSError as wrong:
            raise SurroundingsWrong(
                f"{programme.archive}: cannot be written to ({wrong.strerror}). Nothing was loaded."
            ) from None


def _tell(
    con: duckdb.DuckDBPyConnection, done: Ingested, new: list[Received], again: list[Received]
) -> None:
    refused = [f for f in new + again if f.refusal]
    done.refused = {f.path: f.refusal for f in refused if f.refusal}
    done.refused_ids = {f.path: f.file_id for f in refused}
    done.loaded = len([f for f in new if not f.refusal])
    loaded = [f.file_id for f in new + again if not f.refusal]
    done.unused_columns = sum(f.layout.unused for f in new if f.layout and not f.refusal)
    sums = first_row(
        con,
        "select sum(rows_loaded), sum(rows_rejected), sum(rows_skipped) from landing.export_file "
        "where list_contains(?, file_id)",
        [loaded],
    )
    done.rows_loaded, done.rows_rejected, done.rows_skipped = (
        int(n or 0) for n in sums or (0,) * 3
    )


__all__ = ["Ingested", "ingest"]
