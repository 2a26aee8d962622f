"""Cohort norms: kept in `norms/` when a report is first issued, used from then on."""

from pathlib import Path

import duckdb

from pipeline.calendar import Term
from pipeline.errors import SettingsWrong
from pipeline.programme import Programme
from pipeline.warehouse.query import first_value
from pipeline.warehouse.tables import quoted, tables


def load_kept_norms(con: duckdb.DuckDBPyConnection, programme: Programme) -> None:
    """Make the table `kept_norm` from `norms/*.csv`. Raises SettingsWrong for a damaged file."""
    table = tables()["progress.norm"]
    columns = ", ".join(f'"{c.name}" {c.stored_type}' for c in table.columns)
    con.execute(f"create or replace temp table kept_norm ({columns}, kept_in varchar)")
    described = ", ".join(f"'{c.name}': '{c.stored_type}'" for c in table.columns)
    for path in sorted(programme.norms.glob("*.csv")):
        try:
            con.execute(
                f"insert into kept_norm select *, {quoted(path.stem)} "
                f"from read_csv({quoted(str(path))}, header = true, auto_detect = false, "
                f"delim = ',', quote = '\"', nullstr = '\x01', columns = {{{described}}})"
            )
            whole = not first_value(con, BROKEN, [path.stem]) and first_value(
                con, "select count(*) from kept_norm where kept_in = ?", [path.stem]
            )
        except duckdb.Error:
            whole = False
        if not whole:
            raise SettingsWrong(
                f"norms/{path.name}: not a norm that the program wrote, or not all of it. Restore "
                f"it from a backup, or run with --renorm --term {path.stem} to make the norms of "
                f"its term anew."
            )


# A norm adds up: each mark once, as many pupils as it says, those below counted up mark by mark.
BROKEN = """
with
  summed as (
    select
      *,
      sum(pupils_at_mark) over (
        partition by academic_year, term, scale, assessment, subject, year_group, school_id
        order by mark
      ) - pupils_at_mark as below,
      sum(pupils_at_mark) over (
        partition by academic_year, term, scale, assessment, subject, year_group, school_id
      ) as pupils,
      count(*) over (
        partition by academic_year, term, scale, assessment, subject, year_group, school_id, mark
      ) as times
    from kept_norm
    where kept_in = ?
  )
select count(*)
from summed
where pupils <> norm_pupils
  or below <> pupils_below
  or times > 1
  or academic_year || '-' || term <> kept_in
"""


def keep_norms(con: duckdb.DuckDBPyConnection, programme: Programme, term: Term) -> Path | None:
    """Keep the norms of a term that are not kept yet; returns the file, None where there is none.

    Marks of fewer pupils than the settings ask for are no norm, so they are not kept: when more
    schools have sent theirs, there may be one.
    """
    path = programme.norms / f"{term.label}.csv"
    ours = (
        f"academic_year = {quoted(term.academic_year)} and term = {quoted(term.term)} "
        f"and (kept or norm_pupils >= {programme.settings.norm_minimum_pupils})"
    )
    fresh = con.execute(f"select count(*) from progress.norm where {ours} and not kept").fetchall()[
        0
    ][0]
    if not fresh:
        return None
    programme.norms.mkdir(exist_ok=True)
    aside = path.with_suffix(".part")
    con.execute(
        f"copy (select * replace (true as kept) from progress.norm where {ours} order by all) "
        f"to {quoted(str(aside))} (format csv, header true)"
    )
    aside.replace(path)
    return path


def forget_norms(programme: Programme, term: Term) -> None:
    """`--renorm`: the norms of a term are made anew."""
    (programme.norms / f"{term.label}.csv").unlink(missing_ok=True)
