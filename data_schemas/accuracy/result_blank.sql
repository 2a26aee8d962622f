-- one row is a result that is due and blank, with no code that says why
-- code = "result_blank"
-- title = "A blank result says why"
-- severity = "warning"
-- level = "row"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "due"
-- message = "The row is there and the outcome is blank, with no code that says why."
-- several = "{count} outcomes are blank, with no code that says why."
-- fix = "Enter the outcome, or a code that says why there is none (such as absent), and export again."
-- why = "A blank may be a pupil who was absent or one who was forgotten; only the school knows."
select
  d.school_id,
  d.academic_year,
  d.term,
  d.subject,
  d.class_name,
  d.pupil_id,
  min(r.file_id) as file_id,
  min(r.line) as line,
  'outcome' as column_name
from due_result as d
join core.result as r
  on r.pupil_id = d.pupil_id
  and r.school_id = d.school_id
  and r.term_no = d.term_no
  and r.subject = d.subject
where d.has_row
  and not d.has_outcome
  and r.outcome is null
group by
  d.school_id, d.academic_year, d.term, d.term_no, d.subject, d.class_name, d.pupil_id
having bool_and(coalesce(r.no_result_reason, 'blank') = 'blank')
