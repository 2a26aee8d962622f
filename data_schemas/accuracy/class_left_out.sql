-- one row is a class of the term before that is missing from the files of this one
-- code = "class_left_out"
-- title = "Each class of the term before is on the roll"
-- severity = "warning"
-- level = "class"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The class was on roll last term ({detail}) and none of its pupils is in this term's files."
-- several = "{count} classes that were on roll last term are missing from this term's files."
-- fix = "Export again with the class; if it was dissolved and its pupils have left, enter their leaving dates."
-- why = "A class that is missing from the export is watched by nobody."
-- least = { pupils = 5 }
-- explains = ["missed_out"]
with
  received as (
    select distinct school_id, academic_year, term, term_no
    from core.enrolment
  ),
  year_groups_now as (
    select distinct school_id, term_no, year_group
    from core.enrolment
  ),
  still_there as (
    select distinct pupil_id, term_no
    from core.enrolment
  ),
  before as (
    select
      t.school_id,
      t.academic_year,
      t.term,
      b.class_name,
      count(*) as pupils,
      count(s.pupil_id) as seen,
      count(y.school_id) as of_a_year_group_that_is_there
    from core.enrolment as b
    join received as t
      on t.school_id = b.school_id
      and t.term_no = b.term_no + 1
      and t.academic_year = b.academic_year
    left join still_there as s
      on s.pupil_id = b.pupil_id
      and s.term_no = t.term_no
    left join year_groups_now as y
      on y.school_id = b.school_id
      and y.term_no = t.term_no
      and y.year_group = b.year_group
    where b.on_roll
      and b.leaving_date is null
      and b.class_name is not null
    group by t.school_id, t.academic_year, t.term, b.class_name
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  cast(pupils as varchar) || ' pupils' as detail
from before
where pupils >= $pupils
  and seen = 0
  and of_a_year_group_that_is_there > 0
