-- one row is a file that gives a school's number with the name of another school
-- code = "school_name_of_another"
-- title = "The number and the name of a school belong together"
-- severity = "error"
-- level = "file"
-- owner = "office"
-- system = "management information system"
-- counts = "row"
-- message = "The file gives this school's number with the name of another school ({detail})."
-- several = "{count} files give a school's number with the name of another school."
-- fix = "Find out whose pupils they are, correct the number or the name in the export and send it again; withdraw the file if it is the other school's."
-- why = "Number and name contradict each other, so the pupils may be another school's."
with
  named as (
    select
      school_id,
      academic_year,
      term,
      file_id,
      lower(trim(school_name)) as name,
      count(*) as rows_named
    from landing.export_pupil
    where school_name is not null
    group by school_id, academic_year, term, file_id, lower(trim(school_name))
  ),
  summed as (
    select school_id, name, sum(rows_named) as rows_named
    from named
    group by school_id, name
  ),
  ranked as (
    select
      s.school_id,
      s.name,
      row_number() over (
        partition by s.school_id
        order by
          case when s.name = lower(trim(r.school_name)) then 0 else 1 end,
          s.rows_named desc,
          s.name
      ) as place
    from summed as s
    left join reference.school as r
      on r.school_id = s.school_id
  ),
  usual as (
    select school_id, name
    from ranked
    where place = 1
    union
    select school_id, lower(trim(school_name)) as name
    from reference.school
    where school_name is not null
  ),
  owner_of_name as (
    select name, min(school_id) as school_id
    from usual
    group by name
  )
select
  n.school_id,
  n.academic_year,
  n.term,
  n.file_id,
  'school' as column_name,
  cast(o.school_id as varchar) as detail
from named as n
join owner_of_name as o
  on o.name = n.name
left join usual as u
  on u.school_id = n.school_id
  and u.name = n.name
where u.school_id is null
