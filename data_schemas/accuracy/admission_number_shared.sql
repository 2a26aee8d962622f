-- one row is an admission number of a school that two pupils have in one term
-- code = "admission_number_shared"
-- title = "An admission number belongs to one pupil"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "Another pupil of the school has the same admission number in this term."
-- several = "{count} admission numbers are those of two pupils of the school in one term."
-- fix = "Correct the number of the pupil to whom it does not belong."
-- why = "Rows without a UPN are matched by the admission number; shared by two children it says nothing."
with
  numbered as (
    select
      school_id,
      academic_year,
      term,
      term_no,
      admission_number,
      max(pupil_id) as pupil_id
    from core.enrolment
    where admission_number is not null
    group by school_id, academic_year, term, term_no, admission_number
    having min(pupil_id) < max(pupil_id)
  )
select
  e.school_id,
  e.academic_year,
  e.term,
  e.class_name,
  e.pupil_id,
  e.file_id,
  e.line,
  'admission_number' as column_name
from numbered as n
join core.enrolment as e
  on e.pupil_id = n.pupil_id
  and e.school_id = n.school_id
  and e.term_no = n.term_no
