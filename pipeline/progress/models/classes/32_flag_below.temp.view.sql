-- one row is a status for the reason below: attainment is under what is expected
-- Certainty of `below` is the probability that true attainment is under flag_points: Φ(errors_under).
-- An outcome too low for points is clear; a code that says only that the standard was not met does
-- not say how far under.
select
  a.pupil_id,
  t.school_id,
  a.academic_year,
  a.term,
  a.term_no,
  a.subject,
  reasoned('below') as reason,
  a.errors_under as errors,
  (a.points is null and a.met_without_points is null)
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
left join confirmed_below as other
  on other.pupil_id = a.pupil_id
  and other.term_no = a.term_no
  and other.subject = a.subject
