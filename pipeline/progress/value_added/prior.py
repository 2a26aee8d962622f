"""Prior attainment: key stage 1 outcomes to points and their average."""

from typing import Any, Literal

import duckdb

from pipeline.progress.value_added.ask import TEXT_KEY, ask, need_columns, words_table
from pipeline.progress.value_added.data import PriorScheme

SUBJECTS = ("reading", "writing", "maths")
# The DfE's formula: maths counts as much as both parts of English together.
AVERAGE = "((reading_points + writing_points) / 2 + maths_points) / 2"
# Where some are missing, what there is in the same formula (as in the DfE's academies' tables).
OF_WHAT_THERE_IS = """
    coalesce(
      (coalesce((reading_points + writing_points) / 2, reading_points, writing_points)
        + maths_points) / 2,
      (reading_points + writing_points) / 2,
      reading_points,
      writing_points,
      maths_points
    )
"""
SQL = """
-- One row is a pupil: the points of each subject, their average, and why there is none.
with
  pupil as (
    select
      k.pupil_id,
      reading.worth as reading_points,
      writing.worth as writing_points,
      maths.worth as maths_points,
      {read_key} is not null and reading.text_key is null
        or {writ_key} is not null and writing.text_key is null
        or {math_key} is not null and maths.text_key is null as unknown_outcome
    from key_stage_1 as k
    left join word as reading
      on reading.text_key = {read_key}
    left join word as writing
      on writing.text_key = {writ_key}
    left join word as maths
      on maths.text_key = {math_key}
  ),
  averaged as (
    select
      *,
      case when not unknown_outcome then {average} end as average_points
    from pupil
  )
select
  pupil_id,
  reading_points,
  writing_points,
  maths_points,
  average_points,
  {band} as band,
  case
    when unknown_outcome then 'outcome_not_in_scheme'
    when average_points is null then 'no_prior_attainment'
  end as reason
from averaged
order by pupil_id
"""


def average_points(
    con: duckdb.DuckDBPyConnection,
    key_stage_1: Any,
    scheme: PriorScheme,
    missing: Literal["none", "available"] = "none",
) -> Any:
    """Average key stage 1 points, one row a pupil, as an Arrow table.

    `key_stage_1` has `pupil_id` (once each) and the outcomes `reading`, `writing`, `maths` as
    texts. Gives `reading_points`, `writing_points`, `maths_points`, `average_points`, `band`
    (low, middle, high, where the scheme has borders) and `reason`. Which pupils with a missing
    subject counted has differed by year: `missing` is "none" (all three are needed, as NCER has
    it) or "available" (the average of what there is).

    Source: DfE, ((reading + writing) / 2 + maths) / 2. Raises WrongUsage for missing columns.
    """
    need_columns("key_stage_1", key_stage_1, "pupil_id", *SUBJECTS)
    words: dict[str, float | None] = dict(scheme.by_text())
    words |= dict.fromkeys(("".join(t.upper().split()) for t in scheme.no_points), None)
    band = "cast(null as varchar)"
    if scheme.middle_from is not None:
        band = (
            f"case when average_points < {scheme.middle_from} then 'low' "
            f"when average_points < {scheme.high_from} then 'middle' "
            f"when average_points is not null then 'high' end"
        )
    keys = {f"{s[:4]}_key": f"nullif({TEXT_KEY.format('k.' + s)}, '')" for s in SUBJECTS}
    sql = SQL.format(
        average=AVERAGE if missing == "none" else OF_WHAT_THERE_IS, band=band,
        read_key=keys["read_key"], writ_key=keys["writ_key"], math_key=keys["math_key"],
    )  # fmt: skip
    return ask(con, sql, key_stage_1=key_stage_1, word=words_table(words))
