-- one row is a pupil and day of assessment before the pupil joined the school
-- code = "date_before_entry"
-- title = "Assessments come after the day of entry"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "result"
-- message = "The date of the assessment is before the day on which the pupil joined the school."
-- several = "{count} dates of assessment are before the day on which the pupil joined the school."
-- fix = "Correct the date of the assessment or the entry date."
-- why = "A result from before belongs to another school, and the first terms after entry are judged with care."
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
from core.result as r
join core.enrolment as e
  on e.pupil_id = r.pupil_id
  and e.school_id = r.school_id
  and e.term_no = r.term_no
where r.assessment_date < e.entry_date
group by r.school_id, r.academic_year, r.term, r.pupil_id, r.file_id, r.assessment_date
