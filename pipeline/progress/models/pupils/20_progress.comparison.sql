-- one row is a result with the number of what it is worth, and whether it decides
-- Only what a school sees can decide.
with results as (
  select
    r.*,
    case
      when not s.judged then null
      when s.kind = 'ladder' then g.points
      when s.kind = 'score'
        and isfinite(try_cast(r.target as double))
        and try_cast(r.target as double) >= coalesce(s.minimum, cast('-infinity' as double))
        and try_cast(r.target as double) <= coalesce(s.maximum, cast('infinity' as double))
        then try_cast(r.target as double)
    end as target_points
  from read_result as r
  join reference.scale as s
    on s.scale = r.scale
  left join reference.outcome as g
    on g.scale = r.scale
    and g.text = upper(replace(r.target, ' ', ''))
  where r.pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
)
select
  r.pupil_id,
  r.school_id,
  r.term_no,
  r.subject,
  r.attempt,
  r.assessment_date,
  r.no_result_reason,
  r.target,
  r.target_term,
  case when j.met_without_points is null then r.target_points end as target_points,
  b.file_id is null as decides,
  r.seen,
  j.judgement_no,
  r.file_id,
  r.line
from results as r
left join progress.standard as x
  on x.term_no = r.term_no
  and x.scale = r.scale
  and x.assessment = r.assessment
  and x.subject = r.subject
  and x.year_group is not distinct from r.year_group
  and x.meaning = r.meaning
left join progress.judgement as j
  on j.standard_no = x.standard_no
  and j.assessment_kind = r.assessment_kind
  and j.outcome is not distinct from r.outcome
  and j.outcome_on_scale is not distinct from r.outcome_on_scale
  and j.norm_school = r.norm_school
left join result_set_behind as b
  on b.file_id = r.file_id
  and b.line = r.line
  and b.item = r.item
