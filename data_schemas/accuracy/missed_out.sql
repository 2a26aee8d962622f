-- one row is a pupil on roll last term who is in no file of this one
-- code = "missed_out"
-- title = "Nobody is left out of the export"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The pupil was on roll last term and is missing from this term's files: left, or missed out?"
-- several = "{count} pupils were on roll last term and are missing from this term's files: left, or missed out?"
-- fix = "If the pupil has left, enter the leaving date and export the roll with leavers; else export again with the pupil."
-- why = "A pupil who is missing from the export would be watched by nobody."
with
  numbers_seen as (
    select distinct school_id, term_no, admission_number
    from core.enrolment
    where admission_number is not null
      and term_no in (select term_no from expected_pupil)
  )
select
  e.school_id,
  e.academic_year,
  e.term,
  e.class_name,
  e.pupil_id
from expected_pupil as e
left join numbers_seen as n
  on n.school_id = e.school_id
  and n.term_no = e.term_no
  and n.admission_number = e.admission_number
where not e.is_seen
  and n.school_id is null
