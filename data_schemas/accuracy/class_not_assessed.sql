-- one row is a class without any result in a subject that others of its year groups have
-- code = "class_not_assessed"
-- title = "Each class has been sent"
-- severity = "error"
-- level = "class"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- counts = "due"
-- message = "No pupil of the class ({detail}) has a result in this subject, though other classes of the school have."
-- several = "{count} classes have no result in a subject in which other classes of the school have."
-- fix = "Export the class: often a group or marksheet was left out. If the class is not assessed in the subject, enter a code that says so."
-- why = "A class that was left out of the export looks like a class that nobody teaches."
-- least = { pupils = 5 }
-- explains = ["result_missing"]
with
  by_class as (
    select
      school_id,
      academic_year,
      term,
      term_no,
      subject,
      class_name,
      year_group,
      sum(due) as pupils,
      sum(with_row) as with_row
    from due_class
    group by school_id, academic_year, term, term_no, subject, class_name, year_group
  ),
  beside as (
    select
      *,
      sum(with_row) over (partition by school_id, term_no, subject, year_group) as in_year_group
    from by_class
  )
select
  school_id,
  academic_year,
  term,
  subject,
  class_name,
  cast(sum(pupils) as varchar) || ' pupils' as detail
from beside
where class_name is not null
group by school_id, academic_year, term, subject, class_name
having sum(pupils) >= $pupils
  and sum(with_row) = 0
  and max(in_year_group) > 0
