-- one row is a status with a reason of progress or target, with the result that decides it
select
  a.pupil_id,
  t.school_id,
  s.academic_year,
  s.term,
  a.term_no,
  a.subject,
  t.band,
  t.off_target,
  t.slow_since_term_no,
  t.dropped_from_term_no,
  s.scale,
  j.assessment_kind,
  s.assessment,
  j.points,
  j.step,
  j.low_step,
  a.target_points,
  s.expected_step,
  s.standard_error,
  s.reliability,
  k.rungs,
  k.mean_points,
  j.norm_pupils,
  a.file_id,
  a.line
from status_now as t
join progress.comparison as a
  on a.pupil_id = t.pupil_id
  and a.term_no = t.term_no
  and a.subject = t.subject
  and a.decides
join progress.judgement as j
  on j.judgement_no = a.judgement_no
join progress.standard as s
  on s.standard_no = j.standard_no
join reference.scale as k
  on k.scale = s.scale
where t.slow_since_term_no is not null
  or t.dropped_from_term_no is not null
  or t.off_target
