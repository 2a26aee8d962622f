-- one row is what an outcome is worth as a level in a series of results that are one measure
-- A level is the rung on a ladder, else the points. An outcome too low for points stands under the
-- whole ladder (`level_now` is 0), but nothing is measured from there: how far under is not known.
-- Small steps are of the series of their ladder, whether or not anything is expected of the year group.
-- What is expected now may stand on another rung than then (`standard`); a score is expected to
-- stay. Measured from is a result that `is_usable`: on a ladder with what was expected then, of a
-- score with its error.
with valued as (
  select
    j.judgement_no,
    j.assessment_kind,
    j.attainment_status,
    j.at_higher,
    j.points,
    s.scale,
    s.term,
    k.rungs,
    2 * k.scale_no + case when j.assessment_kind = 'test' then 1 else 0 end as measure_no,
    case
      when j.points is not null or j.attainment_status = 'below' or j.low_step is not null
        then j.series_no
    end as series_no,
    case
      when j.series_no is null then null
      when k.kind = 'ladder' then j.step
      else j.points
    end as level,
    j.low_step,
    k.kind = 'ladder'
      and j.points is null
      and j.attainment_status = 'below'
      and j.series_no is not null as too_low,
    case when k.kind = 'ladder' then s.expected_step else 0 end as standard,
    s.standard_error as error
  from progress.judgement as j
  join progress.standard as s
    on s.standard_no = j.standard_no
  join reference.scale as k
    on k.scale = s.scale
)
select
  *,
  case when too_low then 0 else level end as level_now,
  level is not null
    and case when rungs is null then error is not null else standard is not null end
    as is_usable
from valued
