-- one row is a class, year group and pupil groups in a subject that is due: pupils, and with results
select
  school_id,
  academic_year,
  term,
  term_no,
  subject,
  class_name,
  year_group,
  pupil_premium,
  eal,
  sen <> 'N' as has_sen,
  count(*) as due,
  sum(case when has_row then 1 else 0 end) as with_row,
  sum(case when has_outcome then 1 else 0 end) as with_outcome
from due_result
group by
  school_id, academic_year, term, term_no, subject, class_name, year_group, pupil_premium, eal,
  sen <> 'N'
