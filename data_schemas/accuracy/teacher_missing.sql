-- one row is a class without a teacher in a school that names the teachers of others
-- code = "teacher_missing"
-- title = "Each class has a teacher"
-- severity = "note"
-- level = "class"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "No teacher is given for the class, though other classes have one."
-- several = "{count} classes have no teacher, though others have one."
-- fix = "Put the teacher of the class into the management information system, or into teams.csv."
-- why = "Nobody is asked what the class needs."
with
  by_class as (
    select
      school_id,
      academic_year,
      term,
      term_no,
      class_name,
      count(*) as pupils,
      count(teacher) as with_teacher
    from core.enrolment
    where on_roll
      and class_name is not null
    group by school_id, academic_year, term, term_no, class_name
  ),
  beside as (
    select
      *,
      sum(with_teacher) over (partition by school_id, term_no) as in_school
    from by_class
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  'teacher' as column_name
from beside
where with_teacher = 0
  and in_school > 0
