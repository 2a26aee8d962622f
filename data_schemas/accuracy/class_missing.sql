-- one row is a pupil on roll without a class, or a school that gives none
-- code = "class_missing"
-- title = "Each pupil has a class"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- counts = "pupil"
-- message = "No class is given for {found}."
-- fix = "Put the pupil into a class in the management information system and export again."
-- why = "Class pages and Achievement Teams leave out a pupil without a class."
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
      e.class_name is null as lacking,
      count(*) over (partition by e.school_id, e.term_no) as pupils,
      sum(case when e.class_name is null then 1 else 0 end) over (
        partition by e.school_id, e.term_no
      ) as pupils_lacking,
      row_number() over (partition by e.school_id, e.term_no order by e.file_id, e.line) as place
    from core.enrolment as e
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
  'class_name' as column_name,
  case when pupils_lacking < pupils then 'this pupil' else 'any pupil of the school' end as found
from told
where lacking
  and (pupils_lacking < pupils or place = 1)
