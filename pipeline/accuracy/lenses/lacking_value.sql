-- one row is a pupil on roll who lacks a value, or a school and term in which all pupils lack it.
with
  asked as (
    select e.*, 'class_name' as column_name, e.class_name is null as lacking
    from core.enrolment as e
    where e.on_roll
    union all
    select e.*, 'sex', e.sex is null
    from core.enrolment as e
    where e.on_roll
    union all
    select e.*, 'date_of_birth', r.date_of_birth is null
    from core.enrolment as e
    left join landing.export_row as r
      on r.file_id = e.file_id
      and r.line = e.line
      and r.item = e.item
    where e.on_roll
    union all
    select e.*, 'upn', r.upn is null
    from core.enrolment as e
    left join landing.export_row as r
      on r.file_id = e.file_id
      and r.line = e.line
      and r.item = e.item
    where e.on_roll
  ),
  counted as (
    select
      *,
      bool_and(lacking) over (partition by school_id, term_no, column_name) as all_lack_it,
      row_number() over (
        partition by school_id, term_no, column_name
        order by file_id, line
      ) as place
    from asked
  )
select
  school_id,
  academic_year,
  term,
  case when not all_lack_it then class_name end as class_name,
  case when not all_lack_it then pupil_id end as pupil_id,
  file_id,
  line,
  column_name,
  case when all_lack_it then 'any pupil of the school' else 'this pupil' end as found
from counted
where lacking
  and (place = 1 or not all_lack_it)
