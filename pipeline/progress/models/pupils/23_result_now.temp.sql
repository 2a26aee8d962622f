-- one row is a deciding result of the terms that are flagged, beside those of the last term and a year ago
-- `looked_at`: by these progress may be slow, `own_looked_at`: by the pupil's own steps. `fell`: a drop
-- from the last term, where few outcomes do not ask for more. `since_year`: there is a result to
-- measure from of a year ago.
with past as not materialized (
  select pupil_id, subject, series_no, term_no, level, standard, error, is_usable, low_step
  from decided_result
  where pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
    and series_no is not null
)
select
  n.pupil_id,
  n.term_no,
  n.subject,
  n.scale,
  n.assessment_kind,
  n.measure_no,
  n.attainment_status,
  n.at_higher,
  n.on_target,
  n.series_no,
  n.rungs,
  n.level_now,
  n.error,
  coalesce(n.rungs <= l.few_outcomes, false) as few_outcomes,
  one.pupil_id is not null as has_last,
  one.level as last_level,
  year.pupil_id is not null as has_year,
  year.level as year_level,
  year.error as year_error,
  coalesce(n.is_usable and year.is_usable, false) as since_year,
  coalesce(
    n.too_low
    or n.low_step is not null
    -- short of the level of a year ago
    or (
      n.is_usable
      and year.is_usable
      and beyond_noise(
        shortfall(
          n.rungs, n.level_now, n.standard, n.error, year.level, year.standard, year.error
        ),
        n.rungs, l.noise_factor, l.noise_steps, l.few_outcomes
      )
    ),
    false
  ) as looked_at,
  coalesce(
    looked_at
    or year.low_step is not null
    or year.level - n.level_now
      >= case when n.rungs > l.few_outcomes then l.noise_steps when n.rungs is not null then 1 end,
    false
  ) as own_looked_at,
  coalesce(
    coalesce(n.rungs > l.few_outcomes, true)
    and is_drop(
      n.rungs,
      one.level - n.level_now,
      fall_noise(n.rungs, one.error, n.error, l.noise_factor, l.noise_steps, l.few_outcomes)
    ),
    false
  ) as fell
from decided_result as n
cross join noise_limits as l
left join past as one
  on one.pupil_id = n.pupil_id
  and one.subject = n.subject
  and one.series_no = n.series_no
  and one.term_no = n.term_no - 1
  and one.term_no between getvariable('first_term_no') - 1 and getvariable('last_term_no') - 1
left join past as year
  on year.pupil_id = n.pupil_id
  and year.subject = n.subject
  and year.series_no = n.series_no
  and year.term_no = n.term_no - 3
  and year.term_no between getvariable('first_term_no') - 3 and getvariable('last_term_no') - 3
where n.term_no between getvariable('first_term_no') and getvariable('last_term_no')
  and n.pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
