-- one row is a pupil on roll without a date of birth, or a school that gives none
-- code = "date_of_birth_missing"
-- title = "Each pupil has a date of birth"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- counts = "pupil"
-- message = "No date of birth is given for {found}."
-- fix = "Put in the date of birth as YYYY-MM-DD or DD/MM/YYYY."
-- why = "Without it the year group cannot be checked, nor one pupil told from another of the same name."
with
  told as (
    select
      e.pupil_id,
      e.school_id,
      e.academic_year,
      e.term,
      e.class_name,
      e.file_id,
      e.line,
      r.date_of_birth is null as lacking,
      count(*) over (partition by e.school_id, e.term_no) as pupils,
      sum(case when r.date_of_birth is null then 1 else 0 end) over (
        partition by e.school_id, e.term_no
      ) as pupils_lacking,
      row_number() over (partition by e.school_id, e.term_no order by e.file_id, e.line) as place
    from core.enrolment as e
    left join landing.export_row as r
      on r.file_id = e.file_id
      and r.line = e.line
    where e.on_roll
  )
select
  school_id,
  academic_year,
  term,
  case when pupils_lacking < pupils then class_name end as class_name,
  case when pupils_lacking < pupils then pupil_id end as pupil_id,
  file_id,
  line,
  'date_of_birth' as column_name,
  case when pupils_lacking < pupils then 'this pupil' else 'any pupil of the school' end as found
from told
where lacking
  and (pupils_lacking < pupils or place = 1)
