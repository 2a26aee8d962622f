"""What `teams.csv` and the exports of a term do not have in common, in words without a name."""

import duckdb

from pipeline.calendar import Term

DIFFERING = """
with
  listed as (
    select distinct t.school_id, lower(t.class_name) as class_name
    from reference.team as t
    join reference.term as c
      on c.term_no = $term_no
      and coalesce(t.from_date, c.ends_on) <= c.ends_on
      and coalesce(t.to_date, c.ends_on) >= c.ends_on
  ),
  sent as (
    select distinct school_id, lower(class_name) as class_name
    from core.enrolment
    where term_no = $term_no
      and class_name is not null
  )
select
  coalesce(l.school_id, s.school_id) as school_id,
  count(*) filter (where s.school_id is null) as not_sent,
  count(*) filter (where l.school_id is null) as not_listed
from listed as l
full join sent as s
  on s.school_id = l.school_id
  and s.class_name = l.class_name
where coalesce(l.school_id, s.school_id) in (select school_id from listed)
group by coalesce(l.school_id, s.school_id)
having count(*) filter (where s.school_id is null or l.school_id is null) > 0
order by 1
"""


def team_notes(con: duckdb.DuckDBPyConnection, term: Term) -> list[str]:
    """A line for each school whose classes in `teams.csv` and in its exports differ."""
    notes = []
    for school_id, not_sent, not_listed in con.execute(
        DIFFERING, {"term_no": term.term_no}
    ).fetchall():
        parts = []
        if not_sent:
            parts.append(f"names {not_sent} that its exports of {term.title} do not have")
        if not_listed:
            parts.append(
                f"does not name {not_listed} that they have, which went to the team of most of "
                f"the year group"
            )
        notes.append(f"teams.csv, classes of school {school_id}: it {' and '.join(parts)}.")
    return notes
