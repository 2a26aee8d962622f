-- one row is a result whose outcome is of another year's national framework
-- code = "outcome_of_another_year"
-- title = "An outcome is of the framework of its year"
-- severity = "note"
-- level = "row"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "{found} is not of the national framework of this academic year and year group. It is understood and judged all the same."
-- several = "{count} outcomes are not of the national framework of their academic year and year group. They are understood and judged all the same."
-- fix = "Look whether an old mark sheet was used, or the academic year is wrong; give the code of this year's framework."
-- why = "A code of an old framework often means an old mark sheet, and with it results of another year."
with
  used as (
    select distinct scale, outcome, academic_year, year_group
    from class_outcome
  ),
  of_another_year as (
    select u.scale, u.outcome, u.academic_year, u.year_group
    from used as u
    join reference.framework as f
      on f.scale = u.scale
      and f.outcome = u.outcome
    group by u.scale, u.outcome, u.academic_year, u.year_group
    having not bool_or(
      u.academic_year >= coalesce(f.since, u.academic_year)
      and u.academic_year <= coalesce(f.until, u.academic_year)
      and u.year_group = coalesce(f.year_group, u.year_group)
    )
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
from of_another_year as o
join core.result as r
  on r.scale = o.scale
  and r.outcome = o.outcome
  and r.academic_year = o.academic_year
join core.enrolment as e
  on e.pupil_id = r.pupil_id
  and e.school_id = r.school_id
  and e.term_no = r.term_no
  and e.year_group = o.year_group
