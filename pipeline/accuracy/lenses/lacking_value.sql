-- one row is a pupil on roll who lacks a value, or a school and term in which all pupils lack it
with
  asked as (
    select
      e.school_id,
      e.academic_year,
      e.term,
      e.term_no,
      e.class_name,
      e.pupil_id,
      e.file_id,
      e.line,
      e.class_name is null as lacks_class_name,
      e.sex is null as lacks_sex,
      r.date_of_birth is null as lacks_date_of_birth,
      r.upn is null as lacks_upn
    from core.enrolment as e
    left join landing.export_pupil as r
      on r.file_id = e.file_id
      and r.line = e.line
      and r.item = e.item
    where e.on_roll
  ),
  counted as (
    select
      school_id,
      term_no,
      bool_and(lacks_class_name) as no_class_name,
      bool_and(lacks_sex) as no_sex,
      bool_and(lacks_date_of_birth) as no_date_of_birth,
      bool_and(lacks_upn) as no_upn
    from asked
    group by school_id, term_no
  ),
  lacking as (
    select
      a.*,
      columns.column_name,
      case columns.column_name
        when 'class_name' then c.no_class_name
        when 'sex' then c.no_sex
        when 'date_of_birth' then c.no_date_of_birth
        else c.no_upn
      end as all_lack_it
    from asked as a
    join counted as c
      on c.school_id = a.school_id
      and c.term_no = a.term_no
    cross join (
      values ('class_name'), ('sex'), ('date_of_birth'), ('upn')
    ) as columns (column_name)
    where (a.lacks_class_name or a.lacks_sex or a.lacks_date_of_birth or a.lacks_upn)
      and case columns.column_name
        when 'class_name' then a.lacks_class_name
        when 'sex' then a.lacks_sex
        when 'date_of_birth' then a.lacks_date_of_birth
        else a.lacks_upn
      end
  ),
  placed as (
    select
      *,
      row_number() over (
        partition by school_id, term_no, column_name
        order by file_id, line
      ) as place
    from lacking
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
from placed
where place = 1
  or not all_lack_it
