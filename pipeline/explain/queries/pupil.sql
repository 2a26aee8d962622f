-- one row is a school in which the pupil is in the term; the one that counts the pupil comes first.
select
  p.pupil_id,
  e.school_id,
  coalesce(s.school_name, cast(e.school_id as varchar)) as school_name,
  coalesce(e.forename, p.forename) as forename,
  coalesce(e.surname, p.surname) as surname,
  e.admission_number,
  e.year_group,
  e.class_name,
  e.team,
  e.entry_date,
  e.leaving_date,
  e.enrol_status,
  e.from_roll,
  coalesce(e.on_roll, false) as on_roll,
  coalesce(e.expectation = 'own', false) as own_steps,
  t.counts_on,
  e.file_id,
  e.line
from core.pupil as p
left join core.enrolment as e
  on e.pupil_id = p.pupil_id
  and e.term_no = $term_no
left join core.school as s
  on s.school_id = e.school_id
left join reference.term as t
  on t.term_no = $term_no
where p.pupil_id = $pupil_id
order by e.on_roll desc nulls last, e.school_id
