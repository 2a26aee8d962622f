-- one row is a pupil of a list of facts who is not enrolled in that school and term
-- code = "fact_without_pupil"
-- title = "Facts are about pupils of the school"
-- severity = "warning"
-- level = "pupil"
-- owner = "data lead"
-- system = "management information system"
-- counts = "row"
-- message = "A list gives facts about this pupil, such as pupil premium, but no other file has the pupil in this school and term."
-- several = "A list gives facts about {count} pupils whom no other file has in this school and term."
-- fix = "If the pupil belongs to the school, send the roll with the pupil; a pupil who has left needs nothing."
-- why = "A list of facts enrols nobody. A pupil who is on it alone may be missing from the roll, or stand there under another UPN."
with
  listed as (
    select
      r.*,
      row_number() over (
        partition by r.pupil_id, r.school_id, r.term_no
        order by r.file_id, r.line
      ) as first_told
    from core.identified_pupil as r
    where r.kind = 'facts'
  )
select
  f.school_id,
  f.academic_year,
  f.term,
  f.class_name,
  f.pupil_id,
  f.file_id,
  f.line
from listed as f
left join core.enrolment as e
  on e.pupil_id = f.pupil_id
  and e.school_id = f.school_id
  and e.term_no = f.term_no
where f.first_told = 1
  and e.pupil_id is null
