-- one row is a result of the terms that are flagged, with the pupil's place when it was sent
-- The year group is that of the main school of the term, wherever the result comes from. A school
-- sees a result of another one only up to the day on which the pupil joined it (`seen`).
select
  r.*,
  lower(r.assessment) as paper,
  coalesce(main.year_group, here.year_group) as year_group,
  coalesce(here.on_roll, false) as main_school,
  main.school_id is null
    or main.school_id = r.school_id
    or coalesce(r.assessment_date <= main.entry_date, false) as seen
from core.result as r
left join core.enrolment as main
  on main.pupil_id = r.pupil_id
  and main.term_no = r.term_no
  and main.on_roll
left join core.enrolment as here
  on here.pupil_id = r.pupil_id
  and here.school_id = r.school_id
  and here.term_no = r.term_no
where r.term_no between getvariable('first_term_no') and getvariable('last_term_no')
