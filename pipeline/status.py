"""`achievement status`: what is loaded, and which refused files wait to be mended."""

from typing import Any

from pipeline.landing.ledger import Entry, Ledger
from pipeline.programme import Programme
from pipeline.summary import counted
from pipeline.warehouse.connection import open_warehouse
from pipeline.warehouse.lock import held

SCHOOL_TERMS = """
with
  sent as (
    select school_id, term_no, count(*) as pupils
    from core.enrolment
    where on_roll
    group by school_id, term_no
  ),
  flagged as (
    select school_id, term_no, count(*) as underachieving
    from progress.status
    where status = 'underachieving'
    group by school_id, term_no
  ),
  terms as (select distinct academic_year, term, term_no from core.enrolment),
  heard as (
    select school_id, academic_year, term
    from core.loaded_row
    union
    select r.school_id, r.academic_year, r.term
    from landing.rejected_row as r
    join landing.export_file as f
      on f.file_id = r.file_id
    where f.status = 'loaded'
  )
select
  t.academic_year || '-' || t.term as term,
  s.school_id,
  s.school_name,
  h.school_id is not null as received,
  coalesce(p.pupils, 0) as pupils_on_roll,
  g.passed as gate_passed,
  g.errors,
  g.warnings,
  g.notes,
  coalesce(f.underachieving, 0) as underachieving
from terms as t
cross join core.school as s
left join sent as p
  on p.school_id = s.school_id
  and p.term_no = t.term_no
left join heard as h
  on h.school_id = s.school_id
  and h.academic_year = t.academic_year
  and h.term = t.term
left join accuracy.gate as g
  on g.school_id = s.school_id
  and g.term_no = t.term_no
left join flagged as f
  on f.school_id = s.school_id
  and f.term_no = t.term_no
order by t.term_no, s.school_id
"""

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
        return {
            "totals": rows(TOTALS, len(mend))[0],
            "school_terms": rows(SCHOOL_TERMS),
            "last_run": next(iter(rows(LAST_RUN)), None),
            **({"files": listed} if files else {}),
        }


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
    for term in latest:
        told.append(term)
        for row in (r for r in found["school_terms"] if r["term"] == term):
            told.append(f"  {row['school_id']:<8} {_school_term(row)}")
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
        return f"{row['school_name']}: not yet received"
    gate = {None: "not checked", True: "passed", False: "did not pass"}[row["gate_passed"]]
    issues = ""
    if row["errors"] or row["warnings"]:
        issues = f" ({counted(row['errors'], 'error')}, {counted(row['warnings'], 'warning')})"
    return (
        f"{row['school_name']}: {counted(row['pupils_on_roll'], 'pupil')}, {gate}{issues}, "
        f"{counted(row['underachieving'], 'flag')} of underachievement"
    )
