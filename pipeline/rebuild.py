"""`achievement rebuild`: the warehouse again, from the archive, the ledger and the settings.

It is made aside and takes the old one's place when it is whole, so that a rebuild that fails or is
ended changes nothing. Of the old one only its history is taken over: the runs, which of them first
found each issue and which no longer did, and the verdicts. So it may be of another version.
"""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.errors import Defect, Mendable, SurroundingsWrong
from pipeline.landing.ledger import Ledger
from pipeline.landing.teams import team_notes
from pipeline.programme import Programme
from pipeline.progress.flag import default_term
from pipeline.reports.swap import swap_in
from pipeline.run import (
    Outcome,
    begin,
    check_loaded,
    end,
    flag_loaded,
    take_in,
    write_log,
)
from pipeline.warehouse.connection import open_earlier, open_warehouse, wipe_private
from pipeline.warehouse.lock import held
from pipeline.warehouse.tables import tables

# The check makes issues anew, and takes from the earlier ones when each was first found.
HISTORY = (
    "audit.run",
    "audit.stage",
    "audit.issue_history",
    "audit.verdict_history",
    "accuracy.issue",
)


@dataclass
class Rebuilt(Outcome):
    """A run that made the warehouse anew; `history_lost` names tables that could not be kept."""

    history_lost: list[str] = field(default_factory=list)


def rebuild(programme: Programme) -> Rebuilt:
    """Make the warehouse anew. Raises what only the user can mend."""
    from pipeline.accuracy.loading import start_import

    with held(programme):
        if not Ledger(programme.ledger).accepted():
            raise SurroundingsWrong(
                f"archive/{programme.ledger.name}: names no file that was taken in, so there is "
                f"nothing to make the warehouse from. Restore the archive folder from a backup; "
                f"for a first run: achievement run FOLDER"
            )
        wipe_private(programme)
        programme.private.mkdir(mode=0o700)
        great_expectations = start_import()
        started = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        done = Rebuilt(started.strftime("%Y%m%dT%H%M%S%f"))
        aside = programme.private / programme.warehouse.name
        try:
            history = _history(programme, done)
            with open_warehouse(programme, aside=aside) as con:
                _take_over(con, history)
                begin(con, programme, done, started)
                take_in(con, programme, done, archive_only=True)
                done.term = default_term(con)
                done.team_notes = team_notes(con, done.term) if done.term else []
                check_loaded(con, programme, done, great_expectations)
                flag_loaded(con, programme, done, renorm=False)
                end(con, done)
                con.execute("checkpoint")
            put_in_place(aside, programme)
        except (Mendable, Defect) as problem:
            with suppress(OSError):
                write_log(programme, done, problem.exit_code)
            raise
        finally:
            wipe_private(programme)
        write_log(programme, done, done.exit_code)
    return done


def _history(programme: Programme, done: Rebuilt) -> dict[str, pa.Table]:
    """What is taken over of the old warehouse, as far as its tables are those of this version."""
    if not programme.warehouse.exists():
        return {}
    found = {}
    with open_earlier(programme) as con:
        for name in HISTORY:
            ours = {c.name for c in tables()[name].columns}
            required = {c.name for c in tables()[name].columns if c.required}
            theirs = _columns(con, name)
            if required <= theirs:
                columns = ", ".join(f'"{c}"' for c in sorted(ours & theirs))
                found[name] = con.sql(f"select {columns} from {name}").to_arrow_table()
            else:
                done.history_lost.append(name)
    return found


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    rows = con.execute(
        "select column_name from duckdb_columns() where schema_name || '.' || table_name = ?",
        [table],
    ).fetchall()
    return {row[0] for row in rows}


def _take_over(con: duckdb.DuckDBPyConnection, history: dict[str, pa.Table]) -> None:
    for name, rows in history.items():
        con.register("earlier_rows", rows)
        con.execute(f"insert into {name} by name select * from earlier_rows")
        con.unregister("earlier_rows")


def put_in_place(aside: Path, programme: Programme) -> None:
    """Let a finished warehouse take the old one's place. Raises SurroundingsWrong."""
    place = programme.warehouse
    # What was in the old file's log is in the old file since it was closed.
    place.with_name(f"{place.name}.wal").unlink(missing_ok=True)
    try:
        swap_in(aside, place)
    except SurroundingsWrong:
        raise SurroundingsWrong(
            f"{place.name}: cannot be replaced; it is as it was. It may be open in another "
            f"program, or belong to another user. Close it there and run the command again: "
            f"achievement rebuild FOLDER"
        ) from None
