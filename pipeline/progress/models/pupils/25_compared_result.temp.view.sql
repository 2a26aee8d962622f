-- one row is a deciding result, with the earlier ones of its series that progress is measured from
-- Of pupils and subjects in closer_look. `last` is the most recent earlier result, `before` the one
-- before that, `earlier` the next; `base` the earliest, `year` that of the same term last year, both
-- of results that are usable. Where the series is not known, nothing is compared. Small steps under
-- a ladder (`low_step`) are compared with each other; where there is one of last year too,
-- `base_term_no` is that of the earliest of them.
with
  looked_at as (
    select r.*
    from decided_result as r
    join closer_look as c
      on c.pupil_id = r.pupil_id
      and c.subject = r.subject
    where r.pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
  ),
  -- a series' first result that is usable, and its first on small steps
  earliest as (
    select
      pupil_id,
      subject,
      series_no,
      min(term_no) filter (where is_usable) as term_no,
      arg_min(level, term_no) filter (where is_usable) as level,
      arg_min(standard, term_no) filter (where is_usable) as standard,
      arg_min(error, term_no) filter (where is_usable) as error,
      min(term_no) filter (where low_step is not null) as low_term_no,
      arg_min(low_step, term_no) as low_step
    from looked_at
    group by pupil_id, subject, series_no
  )
select
  r.*,
  lag(r.level) over series as last_level,
  lag(r.error) over series as last_error,
  lag(r.term_no) over series as last_term_no,
  lag(r.level, 2) over series as before_level,
  lag(r.term_no, 2) over series as before_term_no,
  lag(r.level, 3) over series as earlier_level,
  lag(r.term_no, 3) over series as earlier_term_no,
  case when base.term_no < r.term_no then base.level end as base_level,
  case when base.term_no < r.term_no then base.standard end as base_standard,
  case when base.term_no < r.term_no then base.error end as base_error,
  case
    when year.low_step is not null and coalesce(r.low_step, r.level) is not null
      then base.low_term_no
    when base.term_no < r.term_no then base.term_no
  end as base_term_no,
  case when base.low_term_no < r.term_no then base.low_step end as base_low_step,
  year.low_step as year_low_step,
  case when year.is_usable then year.level end as year_level,
  case when year.is_usable then year.standard end as year_standard,
  case when year.is_usable then year.error end as year_error
from looked_at as r
left join earliest as base
  on base.pupil_id = r.pupil_id
  and base.subject = r.subject
  and base.series_no = r.series_no
left join looked_at as year
  on year.pupil_id = r.pupil_id
  and year.subject = r.subject
  and year.series_no = r.series_no
  and year.term_no = r.term_no - 3
window series as (partition by r.pupil_id, r.subject, r.series_no order by r.term_no)
