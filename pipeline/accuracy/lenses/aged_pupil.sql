-- one row is a pupil in a school and term whose year group is not that of the age
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
  cast(substr(e.academic_year, 1, 4) as integer)
    - extract(year from coalesce(r.date_of_birth, p.date_of_birth))
    - case
        when extract(month from coalesce(r.date_of_birth, p.date_of_birth)) >= 9 then 1
        else 0
      end
    - y.age_at_start as years_older,
  allowed.number as years_from_age
from core.enrolment as e
cross join (select number from reference.setting where name = 'years_from_age') as allowed
join core.pupil as p
  on p.pupil_id = e.pupil_id
join reference.year_group as y
  on y.year_group = e.year_group
left join landing.export_row as r
  on r.file_id = e.file_id
  and r.line = e.line
  and r.item = e.item
where y.position between 0 and 11
  and cast(substr(e.academic_year, 1, 4) as integer)
    - extract(year from coalesce(r.date_of_birth, p.date_of_birth))
    - case
        when extract(month from coalesce(r.date_of_birth, p.date_of_birth)) >= 9 then 1
        else 0
      end
    <> y.age_at_start
