-- one row is a result far above anything expected of the year group
-- code = "outcome_too_high"
-- title = "An outcome is one that the year group can have"
-- severity = "warning"
-- level = "row"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "{found} is far above what is expected of the year group: is it mistyped, or another pupil's?"
-- several = "{count} outcomes are far above what is expected of the year group."
-- fix = "Correct the outcome; if it is right, there is nothing to do."
-- why = "A slip of one digit is two years of progress."
-- limits = { steps = 9 }
with
  too_high as (
    select distinct c.scale, c.year_group, c.term_no, c.outcome
    from class_outcome as c
    join reference.scale as s
      on s.scale = c.scale
    join reference.expectation as x
      on x.scale = c.scale
      and x.year_group = c.year_group
      and x.term = c.term
    where s.climbs
      and c.value >= x.step + $steps
  )
select
  r.school_id,
  r.academic_year,
  r.term,
  r.subject,
  e.class_name,
  r.pupil_id,
  r.file_id,
  r.line,
  'outcome' as column_name,
  r.outcome as found
from too_high as t
join core.result as r
  on r.scale = t.scale
  and r.term_no = t.term_no
  and r.outcome = t.outcome
join core.enrolment as e
  on e.pupil_id = r.pupil_id
  and e.school_id = r.school_id
  and e.term_no = r.term_no
  and e.year_group = t.year_group
