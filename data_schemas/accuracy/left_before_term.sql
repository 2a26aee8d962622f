-- one row is a pupil on a roll of a term that began after the pupil left
-- code = "left_before_term"
-- title = "Pupils on the roll have not left before the term"
-- severity = "note"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The leaving date is before the term began; the pupil does not count in it."
-- several = "{count} pupils on the roll left before the term began; they do not count in it."
-- fix = "Nothing, if the pupil has left; if the pupil came back, take the leaving date out and export again."
-- why = "A pupil who came back and still bears the old leaving date counts nowhere."
select
  e.school_id,
  e.academic_year,
  e.term,
  e.class_name,
  e.pupil_id,
  e.file_id,
  e.line,
  'leaving_date' as column_name
from core.enrolment as e
join reference.term as t
  on t.term_no = e.term_no
where e.leaving_date < t.starts_on
