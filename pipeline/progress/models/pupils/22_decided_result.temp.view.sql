-- one row is a deciding result as a level in a series of results that are one measure
-- A level is the rung on a ladder, else the points. An outcome too low for points stands under the
-- whole ladder (`level_now` is 0), but nothing is measured from there: how far under is not known.
-- Small steps are of the series of their ladder, whether or not anything is expected of the year group.
-- What is expected now may stand on another rung than then (`standard`); a score is expected to
-- stay. Measured from is a result that `is_usable`: on a ladder with what was expected then, of a
-- score with its error.
with decided as (
  select
    a.pupil_id,
    a.term_no,
    a.subject,
    case
      when a.points is not null or a.attainment_status = 'below' or a.low_step is not null
        then a.series_no
    end as series_no,
    a.scale,
    a.assessment_kind,
    a.attainment_status,
    a.at_higher,
    s.rungs,
    2 * s.scale_no + case when a.assessment_kind = 'test' then 1 else 0 end as measure_no,
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
)
select
  *,
  case when too_low then 0 else level end as level_now,
  level is not null
    and case when rungs is null then error is not null else standard is not null end
    as is_usable
from decided
