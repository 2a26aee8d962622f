-- one row is a status for the reason drop: lower than the most recent earlier result
-- Certainty: Φ(fall ÷ standard error of the difference between two scores).
select
  a.pupil_id,
  a.school_id,
  a.academic_year,
  a.term,
  a.term_no,
  a.subject,
  reasoned('drop') as reason,
  case
    when a.step is null then (past.points - a.points) / sqrt(
      s.standard_error * s.standard_error + a.standard_error * a.standard_error
    )
  end as errors,
  coalesce(past.step - coalesce(a.step, 0) >= 2, false) as clear_without_error,
  a.points as value,
  past.points as expected,
  past.points as baseline,
  past.term_no as baseline_term_no,
  a.norm_pupils as n,
  a.file_id,
  a.line
from flagged_result as a
join progress.comparison as of_past
  on of_past.pupil_id = a.pupil_id
  and of_past.term_no = a.dropped_from_term_no
  and of_past.subject = a.subject
  and of_past.decides
join progress.judgement as past
  on past.judgement_no = of_past.judgement_no
join progress.standard as s
  on s.standard_no = past.standard_no
where a.dropped_from_term_no is not null
