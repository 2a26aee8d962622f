"""A pupil's progress: the score minus the mean score of the pupil's prior attainment group."""

from typing import Any

import duckdb

from pipeline.progress.value_added.ask import ask, need_columns

SQL = """
-- One row is a pupil and subject: group, what pupils of the group score, and progress.
with
  candidate as (
    select
      s.pupil_id,
      s.subject,
      max(g.group_no) as group_no
    from scores as s
    join prior as p
      on p.pupil_id = s.pupil_id
    join prior_group as g
      on g.subject = s.subject
      and g.academic_year = '{academic_year}'
      and g.from_points <= p.average_points
    group by
      s.pupil_id,
      s.subject
  )
select
  s.pupil_id,
  s.school_id,
  s.subject,
  s.score,
  p.average_points,
  c.group_no,
  g.mean_score as expected_score,
  g.pupils as group_pupils,
  g.basis,
  s.score - g.mean_score as progress,
  case
    when s.score is null then coalesce(s.reason, 'no_score')
    when p.average_points is null then coalesce(p.reason, 'no_prior_attainment')
    when c.group_no is null then 'no_group'
    when g.mean_score is null then 'group_too_small'
  end as reason
from scores as s
left join prior as p
  on p.pupil_id = s.pupil_id
left join candidate as c
  on c.pupil_id = s.pupil_id
  and c.subject = s.subject
left join prior_group as g
  on g.subject = s.subject
  and g.academic_year = '{academic_year}'
  and g.group_no = c.group_no
order by s.pupil_id, s.subject
"""


def pupil_progress(
    con: duckdb.DuckDBPyConnection, scores: Any, prior: Any, groups: Any, academic_year: str
) -> Any:
    """Progress in points of the scaled score, one row a pupil and subject of `scores`.

    Tables as from `key_stage_2_scores`, `average_points`, and `read_groups` or `cohort_groups`.
    Gives `group_no`, `expected_score`, `group_pupils`, `basis`, `progress` and, where there is no
    progress, `reason`. Nobody is dropped. The DfE's cap on extremely negative scores (from 2018) is
    not applied: its limits are not to hand.

    Source: DfE primary accountability. It is a measure of schools; there is no target for a pupil.
    """
    need_columns("scores", scores, "pupil_id", "school_id", "subject", "score", "reason")
    need_columns("prior", prior, "pupil_id", "average_points", "reason")
    need_columns("groups", groups, "academic_year", "subject", "group_no", "from_points",
                 "mean_score", "pupils", "basis")  # fmt: skip
    sql = SQL.format(academic_year=academic_year.replace("'", "''"))
    return ask(con, sql, scores=scores, prior=prior, prior_group=groups)
