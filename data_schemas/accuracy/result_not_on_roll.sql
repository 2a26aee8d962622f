-- one row is a pupil, school and term with results but not on the roll
-- code = "result_not_on_roll"
-- title = "Pupils with results are on roll"
-- severity = "error"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "result"
-- message = "The school has sent a roll for this term, and a pupil with results is not in it."
-- several = "The school has sent a roll for this term, and {count} pupils with results are not in it."
-- fix = "Add the pupil to the roll (with a leaving date, if the pupil has left), or correct the UPN or admission number of the results."
-- why = "A pupil who is not on roll counts nowhere, so the results would be lost."
with
  rolls as (
    select distinct school_id, term_no
    from core.enrolment
    where from_roll
  ),
  numbers_on_roll as (
    select distinct school_id, term_no, admission_number
    from core.enrolment
    where from_roll
      and admission_number is not null
  ),
  off_roll as (
    select
      r.school_id,
      r.academic_year,
      r.term,
      r.term_no,
      r.pupil_id,
      x.class_name,
      x.admission_number,
      r.file_id,
      r.line,
      row_number() over (
        partition by r.school_id, r.term_no, r.pupil_id
        order by r.file_id, r.line
      ) as place
    from core.result as r
    join rolls as o
      on o.school_id = r.school_id
      and o.term_no = r.term_no
    join landing.export_row as x
      on x.file_id = r.file_id
      and x.line = r.line
      and x.item = r.item
    left join core.enrolment as e
      on e.pupil_id = r.pupil_id
      and e.school_id = r.school_id
      and e.term_no = r.term_no
    where e.pupil_id is null
  )
-- A number that is on the roll under another UPN is the rule pupil_two_upns' to tell.
select
  f.school_id,
  f.academic_year,
  f.term,
  f.class_name,
  f.pupil_id,
  f.file_id,
  f.line
from off_roll as f
left join numbers_on_roll as n
  on n.school_id = f.school_id
  and n.term_no = f.term_no
  and n.admission_number = f.admission_number
where f.place = 1
  and n.school_id is null
