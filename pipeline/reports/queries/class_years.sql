-- one row is a class and a year group of the school, of pupils in whom a subject is due.
select distinct
  coalesce(class_name, 'No class named') as class_name,
  year_group
from progress.status
where school_id = $school_id
  and term_no = $term_no
order by
  class_name,
  year_group
