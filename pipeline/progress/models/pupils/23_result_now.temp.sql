-- one row is a deciding result of the terms that are flagged, beside those of the last term and a year ago
-- `looked_at`: by these progress may be slow, `own_looked_at`: by the pupil's own steps. `fell`: a drop
-- from the last term, where few outcomes do not ask for more. `since_year`: there is a result to
-- measure from of a year ago. The two others are of the same series, told by their judgement alone.
with past as not materialized (
  select pupil_id, subject, term_no, judgement_no
  from progress.comparison
  where decides
    and seen
    and pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
)
select
  n.pupil_id,
  n.term_no,
  n.subject,
  n.judgement_no,
  n.on_target,
  last.judgement_no as last_judgement_no,
  year.judgement_no as year_judgement_no,
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
      last.level - n.level_now,
      fall_noise(n.rungs, last.error, n.error, l.noise_factor, l.noise_steps, l.few_outcomes)
    ),
    false
  ) as fell
from decided_result as n
cross join noise_limits as l
left join past as of_last
  on of_last.pupil_id = n.pupil_id
  and of_last.subject = n.subject
  and of_last.term_no = n.term_no - 1
  and of_last.term_no between getvariable('first_term_no') - 1 and getvariable('last_term_no') - 1
left join level as last
  on last.judgement_no = of_last.judgement_no
  and last.series_no = n.series_no
left join past as of_year
  on of_year.pupil_id = n.pupil_id
  and of_year.subject = n.subject
  and of_year.term_no = n.term_no - 3
  and of_year.term_no between getvariable('first_term_no') - 3 and getvariable('last_term_no') - 3
left join level as year
  on year.judgement_no = of_year.judgement_no
  and year.series_no = n.series_no
where n.term_no between getvariable('first_term_no') and getvariable('last_term_no')
  and n.pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
