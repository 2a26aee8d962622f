"""The termly run: the stages in order, on one page."""

import datetime as dt
import json
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline import __version__
from pipeline.calendar import Term
from pipeline.console import bar
from pipeline.errors import Defect, ExportRefused, GateFailed, Mendable, WrongUsage
from pipeline.landing.ingest import Ingested, ingest
from pipeline.landing.teams import team_notes
from pipeline.programme import Programme
from pipeline.progress.flag import default_term, flag
from pipeline.progress.norms import forget_norms, keep_norms
from pipeline.reference import (
    check_up_to_date,
    judging_fingerprint,
    load_reference,
    remember_made_from,
)
from pipeline.warehouse.connection import in_transaction, open_warehouse, wipe_private
from pipeline.warehouse.lock import held

if TYPE_CHECKING:
    from pipeline.accuracy.verdicts import Verdicts
    from pipeline.reports.report import Report

STAGES = ("ingest", "check", "flag", "report")


@dataclass
class Outcome:
    """What a run did; `exit_code` is the highest that applied."""

    run_id: str
    term: Term | None = None
    ingested: Ingested | None = None
    verdicts: "Verdicts | None" = None
    flagged: dict[str, int] = field(default_factory=dict)
    report: "Report | None" = None
    team_notes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        codes = [0]
        if self.ingested and self.ingested.refused:
            codes.append(ExportRefused.exit_code)
        if self.verdicts and self.verdicts.failed:
            codes.append(GateFailed.exit_code)
        return max(codes)


def run(
    programme: Programme,
    stages: tuple[str, ...] = STAGES,
    term: Term | None = None,
    renorm: bool = False,
    isolated: bool = False,
) -> Outcome:
    """Run stages over a programme folder. Raises what only the user can mend.

    What takes long to import is imported in the background while the first stages work.
    """
    settings = programme.settings
    with held(programme):
        wipe_private(programme)
        programme.private.mkdir(mode=0o700)
        great_expectations = workers = None
        if "check" in stages:
            from pipeline.accuracy.loading import start_import

            great_expectations = start_import()
        if "report" in stages:
            from pipeline.reports.workers import start_workers

            workers = start_workers(settings.reports.workers)
        started = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        done = Outcome(started.strftime("%Y%m%dT%H%M%S%f"))
        try:
            with open_warehouse(programme) as con:
                begin(con, programme, done, started)
                if "ingest" in stages:
                    take_in(con, programme, done)
                done.term = term or default_term(con)
                _check_term(con, term)
                done.team_notes = team_notes(con, done.term) if done.term else []
                if "check" in stages:
                    check_loaded(con, programme, done, great_expectations)
                if "flag" in stages:
                    flag_loaded(con, programme, done, renorm)
                if "report" in stages:
                    check_up_to_date(con)
            if "report" in stages:
                _report(programme, done, workers, isolated)
            with open_warehouse(programme) as con:
                if done.report and done.term:
                    keep_norms(con, programme, done.term)
                end(con, done)
        except (Mendable, Defect) as problem:
            end_badly(programme, done, problem)
            raise
        finally:
            if workers:
                workers.close()
            wipe_private(programme)
        write_log(programme, done, done.exit_code)
    return done


def begin(
    con: duckdb.DuckDBPyConnection, programme: Programme, done: Outcome, started: dt.datetime
) -> None:
    """Write reference tables, and that a run began."""
    settings = programme.settings
    with in_transaction(con):
        load_reference(con, programme)
        con.execute(
            "insert into audit.run values (?, ?, null, ?, ?, ?, null, null, null)",
            [done.run_id, started, __version__, settings.sha256(), settings.as_json()],
        )


def take_in(
    con: duckdb.DuckDBPyConnection, programme: Programme, done: Outcome, archive_only: bool = False
) -> None:
    """The stage ingest, timed."""
    with _timed(con, done, "ingest"), bar("Reading") as shown:
        done.ingested = ingest(con, programme, shown.advance, shown.total, archive_only)
        done.rows["ingest"] = done.ingested.rows_loaded
    empty = not con.execute("select 1 from landing.export_file limit 1").fetchall()
    if empty:
        raise ExportRefused(
            f"{programme.exports}: no file to read. Put the schools' exports there, "
            f"in any sub-folders, and run the command again."
        )


def check_loaded(
    con: duckdb.DuckDBPyConnection, programme: Programme, done: Outcome, great_expectations: Any
) -> None:
    """The stage check, timed."""
    from pipeline.accuracy.check import check

    with _timed(con, done, "check"), bar("Checking"):
        term_no = done.term.term_no if done.term else None
        done.verdicts = check(con, done.run_id, programme, term_no, great_expectations)
        issues = done.verdicts.errors + done.verdicts.warnings + done.verdicts.notes
        done.rows["check"] = issues
        remember_made_from(con, "check", judging_fingerprint(con))


def flag_loaded(
    con: duckdb.DuckDBPyConnection, programme: Programme, done: Outcome, renorm: bool
) -> None:
    """The stage flag, timed."""
    with _timed(con, done, "flag"), bar("Flagging"):
        if renorm and done.term:
            forget_norms(programme, done.term)
        done.rows["flag"] = flag(con, programme, done.term)
        remember_made_from(con, "flag", judging_fingerprint(con))
        done.flagged = statuses(con, done.term)


def _report(programme: Programme, done: Outcome, workers: Any, isolated: bool) -> None:
    from pipeline.reports.report import report

    if not done.term:
        return
    with _timed(None, done, "report"), bar("Reporting") as shown:
        done.report = report(programme, done.term, workers, shown.reached, isolated=isolated)
        done.rows["report"] = done.report.pages


def statuses(con: duckdb.DuckDBPyConnection, term: Term | None) -> dict[str, int]:
    """Counts of pupil-subjects by status in a term."""
    rows = con.execute(
        "select status, count(*) from progress.status where term_no = ? group by status "
        "order by status",
        [term.term_no if term else None],
    ).fetchall()
    return dict(rows)


def _check_term(con: duckdb.DuckDBPyConnection, term: Term | None) -> None:
    if term is None:
        return
    known = con.execute(
        "select 1 from core.enrolment where term_no = ? limit 1", [term.term_no]
    ).fetchall()
    if not known:
        raise WrongUsage(
            f"--term {term.label}: no school has sent anything for this term. "
            f"achievement status FOLDER lists the terms that are there."
        )


class _timed:
    """Measures a stage and keeps it in `audit.stage`."""

    def __init__(self, con: duckdb.DuckDBPyConnection | None, done: Outcome, stage: str) -> None:
        self.con, self.done, self.stage = con, done, stage

    def __enter__(self) -> None:
        self.started_at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        self.clock = perf_counter()

    def __exit__(self, sort: Any, error: Any, trace: Any) -> None:
        if error is None:
            self.done.seconds[self.stage] = round(perf_counter() - self.clock, 3)
            if self.con:
                _keep_stage(self.con, self.done, self.stage, self.started_at)


def _keep_stage(
    con: duckdb.DuckDBPyConnection, done: Outcome, stage: str, started_at: dt.datetime
) -> None:
    con.execute(
        "insert into audit.stage values (?, ?, ?, ?, ?)",
        [done.run_id, stage, started_at, done.seconds[stage], done.rows.get(stage)],
    )


def end(con: duckdb.DuckDBPyConnection, done: Outcome) -> None:
    """Write how a run ended."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    if "report" in done.seconds:
        began = now - dt.timedelta(seconds=done.seconds["report"])
        _keep_stage(con, done, "report", began)
    words = {0: "done", 10: "an export was refused", 11: "gate failed"}[done.exit_code]
    _keep_end(con, done, now, words)


def end_badly(programme: Programme, done: Outcome, problem: Mendable | Defect) -> None:
    """Keep how a run ended that could not do its work, as far as the surroundings allow."""
    with suppress(Mendable, duckdb.Error, OSError):
        with open_warehouse(programme) as con:
            now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
            _keep_end(con, done, now, f"not done ({type(problem).__name__})")
        write_log(programme, done, problem.exit_code)


def _keep_end(con: duckdb.DuckDBPyConnection, done: Outcome, now: dt.datetime, words: str) -> None:
    con.execute(
        "update audit.run set ended_at = ?, academic_year = ?, term = ?, outcome = ? "
        "where run_id = ?",
        [
            now,
            done.term.academic_year if done.term else None,
            done.term.term if done.term else None,
            words,
            done.run_id,
        ],
    )


def write_log(programme: Programme, done: Outcome, exit_code: int) -> None:
    """`logs/run-<run_id>.json`: counts and times; files by their ledger number, never by name."""
    found = done.ingested
    logs = programme.folder / "logs"
    logs.mkdir(exist_ok=True)
    refused = found.refused if found else {}
    text = json.dumps(
        {
            "run_id": done.run_id,
            "version": __version__,
            "term": done.term.label if done.term else None,
            "exit_code": exit_code,
            "seconds": done.seconds,
            "rows": done.rows,
            "refused": refused,
        },
        indent=1,
    )
    (logs / f"run-{done.run_id}.json").write_text(text + "\n", encoding="utf-8", newline="\n")
