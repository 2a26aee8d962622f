-- one row is a deciding result, with the earlier ones of its series that progress is measured from
-- A level is the rung on a ladder, else the points. An outcome too low for points stands under the
-- whole ladder (`level_now` is 0), but nothing is measured from there: how far under is not known.
-- What is expected now may stand on another rung than then (`standard`); a score is expected to
-- stay. `last` is the most recent earlier result, `before` the one before that, `earlier` the next;
-- `base` the earliest, `year` that of the same term last year, both of results that can be compared:
-- on a ladder with what was expected then, of a score with its error. Where the series is not known,
-- nothing is compared. Small steps under a ladder (`low_step`) are compared with each other;
-- where there is one of last year too, `base_term_no` is that of the earliest of them.
with
  decided as (
    select
      a.pupil_id,
      a.term_no,
      a.subject,
      case when a.points is not null or a.attainment_status = 'below' then a.series_no end
        as series_no,
      a.scale,
      a.assessment_kind,
      a.attainment_status,
      a.at_higher,
      s.rungs,
      case
        when a.series_no is null then null
        when s.kind = 'ladder' then a.step
        else a.points
      end as level,
      a.low_step,
      s.kind = 'ladder'
        and a.points is null
        and a.attainment_status = 'below'
        and a.series_no is not null as too_low,
      case when s.kind = 'ladder' then a.expected_step else 0 end as standard,
      a.standard_error as error,
      case
        when a.target_points is null or a.term <> coalesce(a.target_term, 'summer') then null
        when a.points is not null then a.points >= a.target_points
        when a.attainment_status = 'below' then false
      end as on_target
    from progress.attainment as a
    join reference.scale as s
      on s.scale = a.scale
    where a.decides
      and a.seen
  ),
  usable as (
    select
      *,
      case when too_low then 0 else level end as level_now,
      level is not null
        and case when rungs is null then error is not null else standard is not null end
        as is_usable
    from decided
  )
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
from usable
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
