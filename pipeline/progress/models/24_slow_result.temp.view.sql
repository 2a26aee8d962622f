-- one row is a deciding result, with whether progress is slow
-- Slow: short of what is expected both since the baseline and since the same term last year, by
-- more than noise. On a ladder as many steps are expected as the expectation has risen, up to the
-- top; of a pupil judged by own steps (`own_slow`) and on a score, the level of then; of one on small
-- steps below a ladder the small step of then, and to have risen onto the ladder is enough. The smaller
-- shortfall counts, in steps, or in standard errors of the difference between two scores. Null:
-- not known.
with
  limits as (
    select
      max(number) filter (where name = 'noise_factor') as noise_factor,
      max(number) filter (where name = 'noise_steps') as noise_steps,
      max(number) filter (where name = 'few_outcomes') as few_outcomes
    from reference.setting
  ),
  short as (
    select
      *,
      case
        when not is_usable or year_level is null then null
        when rungs is null then least(
          (base_level - level) / sqrt(base_error * base_error + error * error),
          (year_level - level) / sqrt(year_error * year_error + error * error)
        )
        else least(
          rungs,
          base_level + standard - base_standard,
          year_level + standard - year_standard
        ) - level
      end as short_by,
      case
        when is_usable and rungs is not null and year_level is not null
          then least(base_level, year_level) - level
        when low_step is not null and year_low_step is not null
          then least(base_low_step, year_low_step) - low_step
        when level is not null and year_level is null and year_low_step is not null then 0
      end as own_short_by
    from compared_result
  ),
  before as (
    select
      *,
      lag(short_by) over series as last_short_by,
      lag(own_short_by) over series as last_own_short_by
    from short
    window series as (partition by pupil_id, subject, series_no order by term_no)
  )
select
  b.* exclude (short_by, own_short_by, last_short_by, last_own_short_by),
  case
    when b.rungs is null then b.short_by > l.noise_factor
    when b.rungs > l.few_outcomes then b.short_by >= l.noise_steps
    when b.short_by is not null
      then b.short_by >= 1
        and coalesce(b.last_short_by >= 1 and b.last_term_no = b.term_no - 1, false)
  end as slow,
  case
    when b.rungs is null then b.short_by > l.noise_factor
    when b.rungs > l.few_outcomes or b.low_step is not null
      then b.own_short_by >= l.noise_steps
    when b.own_short_by is not null
      then b.own_short_by >= 1
        and coalesce(b.last_own_short_by >= 1 and b.last_term_no = b.term_no - 1, false)
  end as own_slow
from before as b
cross join limits as l
