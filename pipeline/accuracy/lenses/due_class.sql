-- one row is a class and year group in a subject that is due: pupils, and those with a row of results
select
  school_id,
  academic_year,
  term,
  term_no,
  subject,
  class_name,
  year_group,
  count(*) as due,
  sum(case when has_row then 1 else 0 end) as with_row
from due_result
group by school_id, academic_year, term, term_no, subject, class_name, year_group
