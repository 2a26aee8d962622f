-- one row is a pupil in a school and term whose year group is not that of the age
with
  born as (
    select
      e.school_id,
      e.academic_year,
      e.term,
      e.term_no,
      e.class_name,
      e.pupil_id,
      e.file_id,
      e.line,
      e.year_group,
      -- a school year begins in September: four months later it is the year of birth
      extract(year from coalesce(r.date_of_birth, p.date_of_birth) + interval 4 month)
        as school_year_of_birth
    from core.enrolment as e
    join core.pupil as p
      on p.pupil_id = e.pupil_id
    left join landing.export_pupil as r
      on r.file_id = e.file_id
      and r.line = e.line
      and r.item = e.item
  ),
  aged as (
    select
      b.*,
      cast(substr(b.academic_year, 1, 4) as integer) - b.school_year_of_birth - y.age_at_start
        as years_older
    from born as b
    join reference.year_group as y
      on y.year_group = b.year_group
    where y.position between 0 and 11
  )
select
  aged.*,
  allowed.number as years_from_age
from aged
cross join (select number from reference.setting where name = 'years_from_age') as allowed
where aged.years_older <> 0
