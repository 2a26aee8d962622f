-- one row is a pupil on roll whose sex is not known, or a school that does not give it
-- code = "sex_missing"
-- title = "The sex of each pupil is recorded"
-- severity = "note"
-- level = "pupil"
-- owner = "office"
-- counts = "pupil"
-- message = "No sex is given for {found}."
-- fix = "Add the column sex (M or F) to the export if reports by sex are wanted."
-- why = "Tables by sex leave out a pupil whose sex is not recorded."
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
      e.sex is null as lacking,
      count(*) over (partition by e.school_id, e.term_no) as pupils,
      sum(case when e.sex is null then 1 else 0 end) over (
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
  'sex' as column_name,
  case when pupils_lacking < pupils then 'this pupil' else 'any pupil of the school' end as found
from told
where lacking
  and (pupils_lacking < pupils or place = 1)
