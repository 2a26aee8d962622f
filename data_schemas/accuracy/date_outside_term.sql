-- one row is a pupil and day of assessment outside the term
-- code = "date_outside_term"
-- title = "Assessments are dated within their term"
-- severity = "warning"
-- level = "pupil"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "The date of the assessment is not in the term that the row gives."
-- several = "{count} dates of assessment are not in the term that their rows give."
-- fix = "Correct the date or the term. If the terms of the school differ, change [calendar] in pipeline.toml."
-- why = "A result in the wrong term upsets the order in which progress is measured."
select
  r.school_id,
  r.academic_year,
  r.term,
  case when min(r.subject) = max(r.subject) then min(r.subject) end as subject,
  max(x.class_name) as class_name,
  r.pupil_id,
  r.file_id,
  min(r.line) as line,
  'assessment_date' as column_name
from core.result as r
join reference.term as t
  on t.term_no = r.term_no
join landing.export_row as x
  on x.file_id = r.file_id
  and x.line = r.line
  and x.item = r.item
where r.assessment_date not between t.starts_on and t.ends_on
group by r.school_id, r.academic_year, r.term, r.pupil_id, r.file_id, r.assessment_date
