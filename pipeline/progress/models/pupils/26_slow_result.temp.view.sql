-- one row is a deciding result, with whether progress is slow
-- Slow: short of what is expected both since the baseline and since the same term last year, by
-- more than noise. On a ladder as many steps are expected as the expectation has risen, up to the
-- top; of a pupil judged by own steps (`own_slow`) and on a score, the level of then; of one on small
-- steps below a ladder the small step of then, and to have risen onto the ladder is enough. The smaller
-- shortfall counts, in steps, or in standard errors of the difference between two scores. Null:
-- not known; so too for an outcome under the whole ladder that is not short by more than noise.
with
  measured as (
    select
      *,
      is_usable or (too_low and standard is not null) as measures,
      year_low_step is not null and coalesce(low_step, level) is not null as on_small_steps
    from compared_result
  ),
  since as (
    select
      *,
      case when measures and base_level is not null
        then shortfall(
          rungs, level_now, standard, error, base_level, base_standard, base_error
        )
      end as short_since_base,
      case when measures and year_level is not null
        then shortfall(
          rungs, level_now, standard, error, year_level, year_standard, year_error
        )
      end as short_since_year,
      case
        when on_small_steps then coalesce(base_low_step - low_step, 0)
        when measures and rungs is not null then base_level - level_now
      end as own_short_since_base,
      case
        when on_small_steps then coalesce(year_low_step - low_step, 0)
        when measures and rungs is not null then year_level - level_now
      end as own_short_since_year
    from measured
  ),
  short as (
    select
      *,
      case when short_since_year is not null then least(short_since_base, short_since_year) end
        as short_by,
      case
        when own_short_since_year is not null
          then least(own_short_since_base, own_short_since_year)
      end as own_short_by
    from since
  ),
  judged as (
    select
      r.*,
      case
        when r.rungs <= l.few_outcomes and r.short_by is not null
          then r.short_by >= 1 and coalesce(before.short_by >= 1, false)
        else beyond_noise(r.short_by, r.rungs, l.noise_factor, l.noise_steps, l.few_outcomes)
      end as is_slow,
      case
        when r.rungs is null then r.short_by > l.noise_factor
        when r.rungs > l.few_outcomes or r.on_small_steps then r.own_short_by >= l.noise_steps
        when r.own_short_by is not null
          then r.own_short_by >= 1 and coalesce(before.own_short_by >= 1, false)
      end as is_own_slow
    from short as r
    cross join noise_limits as l
    left join short as before
      on before.pupil_id = r.pupil_id
      and before.subject = r.subject
      and before.series_no = r.series_no
      and before.term_no = r.term_no - 1
  )
select
  *,
  case when is_slow or not too_low then is_slow end as slow,
  case when is_own_slow or not too_low or on_small_steps then is_own_slow end as own_slow
from judged
