-- one row is a pupil, school and term taught a year group above the age
-- code = "year_group_age_above"
-- title = "A pupil is not above the year group of the age"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- counts = "pupil"
-- message = "{found} is one year group above the age of the pupil."
-- fix = "Check the date of birth and the year group; pupils are rarely placed a year ahead."
-- why = "The pupil is compared with the expectation of the year group, and would seem to be behind."
with
  aged as (
    select
      e.school_id,
      e.academic_year,
      e.term,
      e.class_name,
      e.pupil_id,
      e.file_id,
      e.line,
      e.year_group,
      cast(substr(e.academic_year, 1, 4) as integer)
        - extract(year from coalesce(r.date_of_birth, p.date_of_birth))
        - case
            when extract(month from coalesce(r.date_of_birth, p.date_of_birth)) >= 9 then 1
            else 0
          end
        - y.age_at_start as years_older
    from core.enrolment as e
    join core.pupil as p
      on p.pupil_id = e.pupil_id
    join reference.year_group as y
      on y.year_group = e.year_group
    left join landing.export_row as r
      on r.file_id = e.file_id
      and r.line = e.line
    where y.position between 0 and 11
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line,
  'year_group' as column_name,
  case when year_group = 'R' then 'Reception' else 'Year ' || year_group end as found
from aged
where years_older = -1
