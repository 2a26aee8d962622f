-- one row is a deciding result, with the earlier ones of its series that progress is measured from
-- Of pupils and subjects in closer_look. `last` is the most recent earlier result, `before` the one
-- before that, `earlier` the next; `base` the earliest, `year` that of the same term last year, both
-- of results that are usable. Where the series is not known, nothing is compared. Small steps under
-- a ladder (`low_step`) are compared with each other; where there is one of last year too,
-- `base_term_no` is that of the earliest of them.
select
  *,
  lag(level) over series as last_level,
  lag(error) over series as last_error,
  lag(term_no) over series as last_term_no,
  lag(level, 2) over series as before_level,
  lag(term_no, 2) over series as before_term_no,
  lag(level, 3) over series as earlier_level,
  lag(term_no, 3) over series as earlier_term_no,
  first_value(case when is_usable then level end ignore nulls) over earlier as base_level,
  first_value(case when is_usable then standard end ignore nulls) over earlier as base_standard,
  first_value(case when is_usable then error end ignore nulls) over earlier as base_error,
  case
    when max(low_step) over last_year is not null and coalesce(low_step, level) is not null
      then first_value(case when low_step is not null then term_no end ignore nulls) over earlier
    else first_value(case when is_usable then term_no end ignore nulls) over earlier
  end as base_term_no,
  first_value(low_step ignore nulls) over earlier as base_low_step,
  max(low_step) over last_year as year_low_step,
  max(case when is_usable then level end) over last_year as year_level,
  max(case when is_usable then standard end) over last_year as year_standard,
  max(case when is_usable then error end) over last_year as year_error
from decided_result
where (pupil_id, subject) in (select pupil_id, subject from closer_look)
window
  series as (partition by pupil_id, subject, series_no order by term_no),
  earlier as (
    partition by pupil_id, subject, series_no
    order by term_no
    rows between unbounded preceding and 1 preceding
  ),
  last_year as (
    partition by pupil_id, subject, series_no
    order by term_no
    range between 3 preceding and 3 preceding
  )
