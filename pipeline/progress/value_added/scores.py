"""Key stage 2 outcomes to the scores that count, also for pupils below the test."""

from typing import Any

import duckdb

from pipeline.progress.value_added.ask import TEXT_KEY, ask, need_columns
from pipeline.progress.value_added.data import ValueAdded
from pipeline.scales import read_scales

SQL = """
-- One row is a pupil and subject: the score that counts for progress, and why there is none.
with
  outcome as (
    select
      *,
      {key} as text_key,
      try_cast({key} as double) as told
    from results
  )
select
  o.pupil_id,
  o.school_id,
  o.subject,
  case
    when w.score is not null then w.score
    when o.subject <> 'writing' and told between {lowest} and {highest} then told
  end as score,
  w.score is not null as below_test,
  case
    when w.score is not null then null
    when o.subject <> 'writing' and told between {lowest} and {highest} then null
    when told is not null and o.subject <> 'writing' then 'score_off_scale'
    else 'no_score'
  end as reason
from outcome as o
left join below_test as w
  on w.subject = o.subject
  and w.text_key = o.text_key
order by o.pupil_id, o.subject
"""


def key_stage_2_scores(
    con: duckdb.DuckDBPyConnection, results: Any, academic_year: str, data: ValueAdded
) -> Any:
    """The scores that count, one row a pupil and subject, as an Arrow table.

    `results` has `pupil_id`, `school_id`, `subject` and `outcome` (a scaled score, an outcome of
    teacher assessment, or a code). Gives `score`, `below_test` (the score is nominal, or stands
    for a teacher's judgement) and `reason`. An outcome without a score in that year has none: it
    never becomes 0. Raises WrongUsage for missing columns.
    """
    import pyarrow as pa

    need_columns("results", results, "pupil_id", "school_id", "subject", "outcome")
    scaled = read_scales()["scaled"]
    rows = [
        (subject, text, score)
        for subject in sorted({s for b in data.below_test for s in b.subjects})
        for text, score in data.scores_below_test(academic_year, subject).items()
    ]
    below = pa.table(
        {
            "subject": pa.array([r[0] for r in rows], pa.string()),
            "text_key": pa.array([r[1] for r in rows], pa.string()),
            "score": pa.array([r[2] for r in rows], pa.float64()),
        }
    )
    sql = SQL.format(key=TEXT_KEY.format("outcome"), lowest=scaled.minimum, highest=scaled.maximum)
    return ask(con, sql, results=results, below_test=below)
