-- one row is a pupil and day of assessment after the pupil left the school
-- code = "result_after_leaving"
-- title = "Assessments come before the day of leaving"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "result"
-- message = "The date of the assessment is after the day on which the pupil left the school."
-- several = "{count} dates of assessment are after the day on which the pupil left the school."
-- fix = "Correct the leaving date or the date of the assessment; if the result is another pupil's, move it."
-- why = "A pupil who has left cannot have been assessed, so the result may be another child's."
select
  r.school_id,
  r.academic_year,
  r.term,
  case when min(r.subject) = max(r.subject) then min(r.subject) end as subject,
  max(e.class_name) as class_name,
  r.pupil_id,
  r.file_id,
  min(r.line) as line,
  'assessment_date' as column_name
from core.enrolment as e
join core.result as r
  on r.pupil_id = e.pupil_id
  and r.school_id = e.school_id
  and r.term_no = e.term_no
where e.leaving_date is not null
  and r.assessment_date > e.leaving_date
group by r.school_id, r.academic_year, r.term, r.pupil_id, r.file_id, r.assessment_date
