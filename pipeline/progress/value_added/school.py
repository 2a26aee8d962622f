"""A school's measure: mean progress, its interval, whether that is significant, and the band."""

from typing import Any

import duckdb

from pipeline.progress.value_added.ask import ask, need_columns
from pipeline.progress.value_added.data import ValueAdded

BANDS = {
    1: "well above average",
    2: "above average",
    3: "average",
    4: "below average",
    5: "well below average",
}

MEANS = """
-- One row is a school and subject: its pupils, those with progress, and their mean.
select
  school_id,
  subject,
  count(*) as pupils_in_all,
  count(progress) as pupils,
  avg(progress) as progress,
  min(basis) as basis
from pupil_progress
group by
  school_id,
  subject
"""

# Limits and score are compared as they are published, to one place: where a limit is 0.0 the
# DfE's band is 3, whatever the second place was.
JUDGED = """
-- One row is a school and subject: mean progress, its interval, significance and band.
with
  spread as (
    select
      m.*,
      d.pupil_sd,
      d.well_above_from,
      d.well_below_to,
      1.96 * d.pupil_sd / sqrt(nullif(m.pupils, 0)) as half_width
    from school_mean as m
    left join measure as d
      on d.subject = m.subject
  ),
  limited as (
    select
      *,
      progress - half_width as lower_limit,
      progress + half_width as upper_limit
    from spread
  ),
  judged as (
    select
      *,
      case
        when round(lower_limit, 1) > 0 then 'above'
        when round(upper_limit, 1) < 0 then 'below'
        when lower_limit is not null then 'not_different'
      end as significance
    from limited
  )
select
  school_id,
  subject,
  pupils_in_all,
  pupils,
  progress,
  lower_limit,
  upper_limit,
  pupil_sd,
  basis,
  significance,
  case
    when significance is null or well_above_from is null or {unpublished} then null
    when significance = 'above' and round(progress, 1) >= well_above_from then 1
    when significance = 'above' then 2
    when significance = 'below' and round(progress, 1) <= well_below_to then 5
    when significance = 'below' then 4
    else 3
  end as band,
  case
    when pupils = 0 then 'no_pupil_with_progress'
    when {unpublished} then 'no_measure_published'
    when pupil_sd is null then 'spread_not_known'
    when well_above_from is null then 'cut_points_not_known'
  end as reason
from judged
order by
  school_id,
  subject
"""
COHORT_SPREAD = """
-- One row is a subject: the spread of progress among the pupils at hand.
select
  subject,
  stddev_samp(progress) as pupil_sd,
  cast(null as double) as well_above_from,
  cast(null as double) as well_below_to
from pupil_progress
group by subject
having stddev_samp(progress) > 0
"""


def school_progress(
    con: duckdb.DuckDBPyConnection, progress: Any, academic_year: str, data: ValueAdded
) -> Any:
    """Each school's measure by subject, as an Arrow table.

    `progress` as from `pupil_progress`. Against a national table the spread and the cut points are
    those of `data` for the year; against the cohort the spread is that of its pupils, and there are
    no bands. Gives `pupils_in_all`, `pupils` (with progress), `progress`, `lower_limit`,
    `upper_limit`, `significance`, `band` (1 to 5, see BANDS) and `reason`.

    Source: DfE, mean ± 1.96 × pupils' standard deviation ÷ √pupils.
    """
    need_columns("progress", progress, "school_id", "subject", "progress", "basis")
    means = ask(con, MEANS, pupil_progress=progress)
    of_cohort = "cohort" in set(means.column("basis").to_pylist())
    spreads = (
        ask(con, COHORT_SPREAD, pupil_progress=progress)
        if of_cohort
        else _measures(academic_year, data)
    )
    unpublished = not of_cohort and data.why_none(academic_year) is not None
    return _judged(con, means, spreads, unpublished)


def judged_means(
    con: duckdb.DuckDBPyConnection, means: Any, academic_year: str, data: ValueAdded
) -> Any:
    """The same from means that are known already: `school_id`, `subject`, `pupils`, `progress`.

    For published figures, or those of a group of schools; `pupils` are those in the mean.
    """
    import pyarrow as pa

    need_columns("means", means, "school_id", "subject", "pupils", "progress")
    means = means.select(["school_id", "subject", "pupils", "progress"])
    means = means.append_column("pupils_in_all", means.column("pupils"))
    means = means.append_column("basis", pa.array(["national"] * len(means), pa.string()))
    unpublished = data.why_none(academic_year) is not None
    return _judged(con, means, _measures(academic_year, data), unpublished)


def _judged(con: duckdb.DuckDBPyConnection, means: Any, measures: Any, unpublished: bool) -> Any:
    sql = JUDGED.format(unpublished=str(unpublished).lower())
    return ask(con, sql, school_mean=means, measure=measures)


def _measures(academic_year: str, data: ValueAdded) -> Any:
    import pyarrow as pa

    found = [m for m in data.measure if m.academic_year == academic_year]
    return pa.table(
        {"subject": pa.array([m.subject for m in found], pa.string())}
        | {
            name: pa.array([getattr(m, name) for m in found], pa.float64())
            for name in ("pupil_sd", "well_above_from", "well_below_to")
        }
    )


def year_note(academic_year: str, data: ValueAdded, basis: str) -> str:
    """What a reader has to know of a year's figures; empty if nothing. `basis` as in the tables."""
    why = data.why_none(academic_year)
    if why and basis == "national":
        return f"{academic_year}: {why}."
    if why:
        return f"{academic_year}: {why}. These figures compare the pupils at hand with each other."
    if basis == "cohort":
        return (
            f"{academic_year}: no national table was given, so pupils are compared with each "
            f"other and not with the country."
        )
    return ""
