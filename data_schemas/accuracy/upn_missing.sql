-- one row is a pupil on roll without a UPN, or a school that gives none
-- code = "upn_missing"
-- title = "Each pupil has a UPN"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- counts = "pupil"
-- message = "No UPN is given for {found}; the admission number is used."
-- fix = "Put in the UPN, or ask the school that the pupil came from. A pupil who has never had one needs a temporary UPN."
-- why = "Only the UPN follows a pupil who moves to another school."
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
      r.upn is null as lacking,
      count(*) over (partition by e.school_id, e.term_no) as pupils,
      sum(case when r.upn is null then 1 else 0 end) over (
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
  'upn' as column_name,
  case when pupils_lacking < pupils then 'this pupil' else 'any pupil of the school' end as found
from told
where lacking
  and (pupils_lacking < pupils or place = 1)
