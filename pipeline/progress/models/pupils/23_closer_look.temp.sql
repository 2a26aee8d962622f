-- one row is a pupil and subject whose progress has to be looked at closely: it may be slow, or a drop
-- Nearly all others are told by their results of the last three terms: not short of a year ago, nor
-- lower than the last result, beyond noise. Looked at are also those of whom these do not tell: the
-- last result is older, or stands under the ladder, or the pupil is judged by own steps.
with
  now as (
    select *
    from decided_result
    where term_no between getvariable('first_term_no') and getvariable('last_term_no')
      and pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
  ),
  past as not materialized (
    select pupil_id, subject, series_no, term_no, level, standard, error, is_usable
    from decided_result
    where term_no between getvariable('first_term_no') - 3 and getvariable('last_term_no') - 1
      and pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
      and series_no is not null
  ),
  long_past as (
    select pupil_id, subject, series_no, min(term_no) as term_no
    from decided_result
    where term_no < getvariable('last_term_no') - 3
      and pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
      and series_no is not null
    group by pupil_id, subject, series_no
  )
select distinct n.pupil_id, n.subject
from now as n
cross join noise_limits as l
left join past as one
  on one.pupil_id = n.pupil_id
  and one.subject = n.subject
  and one.series_no = n.series_no
  and one.term_no = n.term_no - 1
left join past as two
  on two.pupil_id = n.pupil_id
  and two.subject = n.subject
  and two.series_no = n.series_no
  and two.term_no = n.term_no - 2
left join past as year
  on year.pupil_id = n.pupil_id
  and year.subject = n.subject
  and year.series_no = n.series_no
  and year.term_no = n.term_no - 3
left join long_past as older
  on older.pupil_id = n.pupil_id
  and older.subject = n.subject
  and older.series_no = n.series_no
  and older.term_no < n.term_no - 3
where n.too_low
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
  )
  -- lower than the last result, which is of the last term or not known
  or (
    coalesce(n.rungs > l.few_outcomes, true)
    and case
      when one.pupil_id is not null
        then one.level - n.level_now >= fall_noise(
          n.rungs, one.error, n.error, l.noise_factor, l.noise_steps, l.few_outcomes
        )
      else coalesce(two.pupil_id, year.pupil_id, older.pupil_id) is not null
    end
  )
  -- with few outcomes: this result and the last are lower than both before, as far as these are known
  or (
    n.rungs <= l.few_outcomes
    and one.level is not null
    and n.level_now is not null
    and greatest(one.level, n.level_now) < case
      when two.pupil_id is not null and year.pupil_id is not null
        then least(two.level, year.level)
      when older.pupil_id is not null then coalesce(two.level, year.level, n.rungs)
    end
  )
union
select e.pupil_id, s.subject
from core.enrolment as e
cross join reference.subject as s
where e.expectation = 'own'
  and e.term_no between getvariable('first_term_no') and getvariable('last_term_no')
  and e.pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
