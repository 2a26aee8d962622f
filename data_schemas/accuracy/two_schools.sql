-- one row is a pupil, school and term where another school has the pupil on roll too
-- code = "two_schools"
-- title = "A pupil is on roll in one school"
-- severity = "error"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "Another school has this pupil on roll in the same term, and neither gives a leaving date."
-- several = "Another school has {count} of the pupils on roll in the same term, and neither gives a leaving date."
-- fix = "The school that the pupil has left enters the leaving date; for a dual registration, both give enrol_status (M main, S subsidiary)."
-- why = "A pupil counts in one school only; without a leaving date it may be the wrong one."
with
  in_several as (
    select pupil_id, term_no
    from core.enrolment
    group by pupil_id, term_no
    having min(school_id) < max(school_id)
  ),
  staying as (
    select
      e.*,
      min(e.school_id) over (partition by e.pupil_id, e.term_no)
        <> max(e.school_id) over (partition by e.pupil_id, e.term_no) as in_two
    from core.enrolment as e
    join in_several as i
      on i.pupil_id = e.pupil_id
      and i.term_no = e.term_no
    join reference.term as t
      on t.term_no = e.term_no
    where e.leaving_date is null
      and coalesce(e.enrol_status, 'C') not in ('S', 'G')
      and coalesce(e.entry_date, t.ends_on) <= t.ends_on
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line,
  'leaving_date' as column_name
from staying
where in_two
