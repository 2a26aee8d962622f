-- one row is a pupil and subject whose progress has to be looked at closely: it may be slow, or a drop
-- Nearly all others are told by their results of the last three terms: not short of a year ago beyond
-- noise, and lower than the last result or not. Looked at are also those of whom these do not tell:
-- the last result is older, or stands under the ladder.
with
  -- whose last result is not of the last term, or is on a ladder with few outcomes
  undecided as (
    select
      n.pupil_id,
      n.term_no,
      n.subject,
      v.series_no,
      v.rungs,
      v.level_now,
      v.error,
      coalesce(v.rungs <= l.few_outcomes, false) as few_outcomes,
      last.level as last_level,
      n.year_judgement_no is not null as has_year,
      year.level as year_level,
      year.error as year_error
    from result_now as n
    cross join noise_limits as l
    join level as v
      on v.judgement_no = n.judgement_no
    left join level as last
      on last.judgement_no = n.last_judgement_no
    left join level as year
      on year.judgement_no = n.year_judgement_no
    where not n.looked_at
      and v.series_no is not null
      and case
        when v.rungs <= l.few_outcomes then last.level is not null and v.level_now is not null
        else n.last_judgement_no is null
      end
  ),
  past as not materialized (
    select pupil_id, subject, series_no, term_no, level, error
    from decided_result
    where pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
      and series_no is not null
  ),
  long_past as (
    select pupil_id, subject, series_no, min(term_no) as term_no
    from past
    where term_no < getvariable('last_term_no') - 3
    group by pupil_id, subject, series_no
  ),
  looked_at as (
    select pupil_id, subject
    from result_now
    where looked_at
    union all
    select n.pupil_id, n.subject
    from undecided as n
    cross join noise_limits as l
    left join past as two
      on two.pupil_id = n.pupil_id
      and two.subject = n.subject
      and two.series_no = n.series_no
      and two.term_no = n.term_no - 2
      and two.term_no between getvariable('first_term_no') - 2 and getvariable('last_term_no') - 2
    left join long_past as older
      on older.pupil_id = n.pupil_id
      and older.subject = n.subject
      and older.series_no = n.series_no
      and older.term_no < n.term_no - 3
    where case
      -- this result and the last are lower than both before, as far as these are known
      when n.few_outcomes
        then greatest(n.last_level, n.level_now) < case
          when two.pupil_id is not null and n.has_year then least(two.level, n.year_level)
          when older.pupil_id is not null then coalesce(two.level, n.year_level, n.rungs)
        end
      -- this result is lower than the last
      when two.pupil_id is not null
        then two.level - n.level_now >= fall_noise(
          n.rungs, two.error, n.error, l.noise_factor, l.noise_steps, l.few_outcomes
        )
      when n.has_year
        then n.year_level - n.level_now >= fall_noise(
          n.rungs, n.year_error, n.error, l.noise_factor, l.noise_steps, l.few_outcomes
        )
      else older.pupil_id is not null
    end
    union all
    select n.pupil_id, n.subject
    from result_now as n
    join core.enrolment as e
      on e.pupil_id = n.pupil_id
      and e.term_no = n.term_no
    where n.own_looked_at
      and e.expectation = 'own'
)
select distinct pupil_id, subject
from looked_at
