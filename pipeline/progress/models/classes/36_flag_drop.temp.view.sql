-- one row is a status for the reason drop: lower than the most recent earlier result
-- Certainty: Φ(fall ÷ standard error of the difference between two scores).
select
  a.pupil_id,
  t.school_id,
  a.academic_year,
  a.term,
  a.term_no,
  a.subject,
  reasoned('drop') as reason,
  case
    when a.step is null then normal_cdf(
      (past.points - a.points) / sqrt(
        past.standard_error * past.standard_error + a.standard_error * a.standard_error
      )
    )
  end as certainty,
  coalesce(past.step - coalesce(a.step, 0) >= 2, false) as clear_without_error,
  a.points as value,
  past.points as expected,
  past.points as baseline,
  past.term_no as baseline_term_no,
  a.norm_pupils as n,
  a.file_id,
  a.line
from status_now as t
join progress.attainment as a
  on a.pupil_id = t.pupil_id
  and a.term_no = t.term_no
  and a.subject = t.subject
  and a.decides
join progress.attainment as past
  on past.pupil_id = t.pupil_id
  and past.term_no = t.dropped_from_term_no
  and past.subject = t.subject
  and past.decides
where t.dropped
