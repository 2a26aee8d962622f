-- one row is a status for the reason off_target: under the pupil's own target, in its term
-- Certainty as for `below`, with the target in the place of what is expected.
with rungs as (
  select distinct scale, step, points
  from reference.outcome
  where step is not null
)
select
  a.pupil_id,
  a.school_id,
  a.academic_year,
  a.term,
  a.term_no,
  a.subject,
  reasoned('off_target') as reason,
  case
    when a.points is null then null
    when a.reliability is not null and a.mean_points is not null then
      (a.target_points - (a.mean_points + a.reliability * (a.points - a.mean_points)))
      / (a.standard_error * sqrt(a.reliability))
    when a.standard_error is not null then (a.target_points - a.points) / a.standard_error
  end as errors,
  a.points is null
    or coalesce(r.step - a.step >= 2, false)
    or exists (
      select 1
      from progress.attainment as other
      where other.pupil_id = a.pupil_id
        and other.term_no = a.term_no
        and other.subject = a.subject
        and not other.decides
        and other.seen
        and other.scale = a.scale
        and other.points < a.target_points
        and (other.assessment_kind <> a.assessment_kind or other.assessment <> a.assessment)
    ) as clear_without_error,
  a.points as value,
  a.target_points as expected,
  cast(null as double) as baseline,
  cast(null as integer) as baseline_term_no,
  a.norm_pupils as n,
  a.file_id,
  a.line
from flagged_result as a
left join rungs as r
  on r.scale = a.scale
  and r.points = a.target_points
where a.off_target
