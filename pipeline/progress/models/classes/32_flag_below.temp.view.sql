-- one row is a status for the reason below: attainment is under what is expected
-- Certainty of `below` is the probability that true attainment is under flag_points.
with confirmed as (
  select distinct other.pupil_id, other.term_no, other.subject
  from progress.attainment as other
  join progress.attainment as a
    on a.pupil_id = other.pupil_id
    and a.term_no = other.term_no
    and a.subject = other.subject
    and a.decides
    and (
      other.scale <> a.scale
      or other.assessment_kind <> a.assessment_kind
      or other.assessment <> a.assessment
    )
  where not other.decides
    and other.seen
    and other.attainment_status = 'below'
    and other.term_no between getvariable('first_term_no') and getvariable('last_term_no')
)
select
  a.pupil_id,
  t.school_id,
  a.academic_year,
  a.term,
  a.term_no,
  a.subject,
  reasoned('below') as reason,
  normal_cdf(a.errors_under) as certainty,
  a.points is null
    or coalesce(a.steps_under >= 2, false)
    or other.pupil_id is not null as clear_without_error,
  a.points as value,
  a.flag_points as expected,
  cast(null as double) as baseline,
  cast(null as integer) as baseline_term_no,
  a.norm_pupils as n,
  a.file_id,
  a.line
from result_under_line as a
join status_now as t
  on t.pupil_id = a.pupil_id
  and t.term_no = a.term_no
  and t.subject = a.subject
  and t.attainment_status = 'below'
left join confirmed as other
  on other.pupil_id = a.pupil_id
  and other.term_no = a.term_no
  and other.subject = a.subject
