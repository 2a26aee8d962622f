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
  received as (
    select distinct school_id, academic_year, term, term_no
    from core.enrolment
  ),
  seen as (
    select distinct pupil_id, term_no
    from core.enrolment
    union
    select distinct pupil_id, term_no
    from core.result
  ),
  numbers_seen as (
    select distinct school_id, term_no, admission_number
    from core.enrolment
    where admission_number is not null
  )
select
  t.school_id,
  t.academic_year,
  t.term,
  b.class_name,
  b.pupil_id
from core.enrolment as b
join received as t
  on t.school_id = b.school_id
  and t.term_no = b.term_no + 1
  and t.academic_year = b.academic_year
left join seen as s
  on s.pupil_id = b.pupil_id
  and s.term_no = t.term_no
left join numbers_seen as n
  on n.school_id = b.school_id
  and n.term_no = t.term_no
  and n.admission_number = b.admission_number
where b.on_roll
  and b.leaving_date is null
  and s.pupil_id is null
  and n.school_id is null
