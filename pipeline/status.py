"""`achievement status`: what came, was checked, sent back and mended; which refused files wait."""

import datetime as dt
from pathlib import Path
from typing import Any

from pipeline.calendar import Term
from pipeline.landing.ledger import Entry, Ledger
from pipeline.programme import Programme
from pipeline.summary import counted
from pipeline.verdict_words import share
from pipeline.warehouse.connection import open_warehouse
from pipeline.warehouse.lock import held
from pipeline.window import day_of_run, mend_by, send_by

SCHOOL_TERMS = Path(__file__).parent / "school_terms.sql"

TOTALS = """
select
  (select count(*) from landing.export_file where status = 'loaded') as files_loaded,
  ? as files_refused,
  (select count(*) from core.school) as schools,
  (select count(*) from core.pupil) as pupils,
  (select count(*) from core.result where outcome is not null) as results,
  (select count(*) from landing.rejected_row) as rows_rejected,
  (select count(*) from accuracy.issue) as issues,
  (select count(*) from progress.flag) as flags
"""

LAST_RUN = """
select run_id, started_at, ended_at, version, outcome
from audit.run
order by started_at desc
limit 1
"""

REFUSED = """
select file_id
from landing.export_file
where status = 'refused'
"""

FILES = """
select file_id, file_name, status, school_id, academic_year, term, rows_read, rows_loaded,
  rows_rejected, rows_skipped, message
from landing.export_file
order by file_id
"""


def status_of(programme: Programme, files: bool) -> dict[str, Any]:
    """Totals, each school and term, the last run and, if asked for, the files."""
    with held(programme), open_warehouse(programme, read_only=True) as con:

        def rows(sql: str, *given: int) -> list[dict[str, Any]]:
            found = con.execute(sql, given)
            names = [d[0] for d in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        refused = {row["file_id"] for row in rows(REFUSED)}
        mend = refused - _past_refusals(programme)
        listed = rows(FILES) if files else []
        for file in listed:
            file["to_mend"] = file["file_id"] in mend
        school_terms = rows(SCHOOL_TERMS.read_text(encoding="utf-8"))
        for row in school_terms:
            row |= _days(programme, row)
        return {
            "totals": rows(TOTALS, len(mend))[0],
            "school_terms": school_terms,
            "last_run": next(iter(rows(LAST_RUN)), None),
            **({"files": listed} if files else {}),
        }


def _days(programme: Programme, row: dict[str, Any]) -> dict[str, dt.date | None]:
    """By when the school sends and mends, when it was sent back, and when all was mended."""
    term, settings = Term.from_label(row["term"]), programme.settings
    sent_back = _day_of(row.pop("sent_back_run"))
    return {
        "send_by": send_by(settings, term),
        "sent_back_on": sent_back,
        "mend_by": mend_by(settings, term, sent_back) if sent_back else None,
        "mended_on": _day_of(row.pop("mended_run")),
    }


def _day_of(run_id: str | None) -> dt.date | None:
    return day_of_run(run_id) if run_id else None


def _past_refusals(programme: Programme) -> set[int]:
    """Numbers of refused files that a later one has replaced, or that lie in `exports/` no more."""

    def lies_there(entry: Entry) -> bool:
        path = programme.exports / entry.path
        above = [path, *path.parents][: len(path.parts) - len(programme.exports.parts)]
        return path.is_symlink() or path.exists() or any(p.is_file() for p in above)

    ledger = Ledger(programme.ledger)
    waiting = {e.sequence for e in ledger.refusals_to_mend() if lies_there(e)}
    return {e.sequence for e in ledger.entries if e.action == "refuse"} - waiting


def status_lines(found: dict[str, Any]) -> list[str]:
    """The same as text: a line a term and school."""
    totals = ", ".join(f"{v:,} {k.replace('_', ' ')}" for k, v in found["totals"].items())
    told = [f"Loaded: {totals}.", ""]
    latest = {row["term"]: None for row in found["school_terms"]}
    newest = next(reversed(latest), None)
    for term in latest:
        told.append(term)
        for row in (r for r in found["school_terms"] if r["term"] == term):
            told.append(f"  {row['school_id']:<8} {_school_term(row)}")
            if row["received"] and (term == newest or row["sent_back_on"]):
                told.append(f"{'':<11}{_to_and_fro(row)}")
    last = found["last_run"]
    if last:
        outcome = last["outcome"] or "did not end"
        told += ["", f"Last run: {last['started_at']:%Y-%m-%d %H:%M} UTC, {outcome}."]
    for file in found.get("files", ()):
        past = file["status"] == "refused" and not file["to_mend"]
        told.append(
            f"file {file['file_id']}: {file['status']}{' (replaced, or gone)' if past else ''}, "
            f"{counted(file['rows_read'], 'row')}, "
            f"{file['rows_rejected']:,} rejected: {file['file_name']}"
        )
        if file["message"]:
            told.append(f"    {file['message']}")
    return told


def _school_term(row: dict[str, Any]) -> str:
    if not row["received"]:
        return f"{row['school_name']}: not yet received (wanted by {_day(row['send_by'])})"
    gate = {None: "not checked", True: "passed", False: "did not pass"}[row["gate_passed"]]
    issues = ""
    if row["errors"] or row["warnings"]:
        issues = f" ({counted(row['errors'], 'error')}, {counted(row['warnings'], 'warning')})"
    return (
        f"{row['school_name']}: {counted(row['pupils_on_roll'], 'pupil')}, {gate}{issues}, "
        f"{counted(row['underachieving'], 'flag')} of underachievement"
    )


def _to_and_fro(row: dict[str, Any]) -> str:
    """Received, checked, sent back, mended, by when; and how complete and accurate it is."""
    parts = [f"received {_day(row['received_at'])} (wanted by {_day(row['send_by'])})"]
    if row["checked_at"]:
        parts.append(f"checked {_day(row['checked_at'])}")
    if row["sent_back_on"]:
        parts.append(f"sent back {_day(row['sent_back_on'])}")
        when = row["mended_on"]
        parts.append(f"mended {_day(when)}" if when else f"to mend by {_day(row['mend_by'])}")
    counts = [f"{row['mended']:,} mended"] if row["mended"] else []
    if row["checked_at"]:
        to_mend = row["errors"] + row["warnings"] + row["notes"]
        counts.insert(0, f"{to_mend:,} to mend")
        counts += [f"{row['accepted']:,} accepted"] if row["accepted"] else []
        counts.append(f"{share(row['results_present'], row['results_due'])} of results there")
        sound = row["pupils_checked"] - row["pupils_with_errors"]
        counts.append(f"{share(sound, row['pupils_checked'])} of pupils without an error")
    return ", ".join(parts) + (f"; {', '.join(counts)}" if counts else "")


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"
