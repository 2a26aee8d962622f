-- one row is a pupil on roll whose result says that the pupil has left
-- code = "left_but_on_roll"
-- title = "A pupil who has left is not on roll"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "result"
-- message = "A result says that the pupil has left, and the roll has the pupil without a leaving date."
-- several = "{count} pupils have left by their results, and are on roll without a leaving date."
-- fix = "Enter the leaving date, or correct the code of the result."
-- why = "A pupil who is on roll is counted and looked for."
select
  r.school_id,
  r.academic_year,
  r.term,
  max(e.class_name) as class_name,
  r.pupil_id,
  min(r.file_id) as file_id,
  min(r.line) as line,
  'leaving_date' as column_name
from core.result as r
join core.enrolment as e
  on e.pupil_id = r.pupil_id
  and e.school_id = r.school_id
  and e.term_no = r.term_no
where r.no_result_reason = 'left'
  and e.on_roll
  and e.leaving_date is null
group by r.school_id, r.academic_year, r.term, r.pupil_id
