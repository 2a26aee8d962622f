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
  year_groups_now as (
    select distinct school_id, term_no, year_group
    from core.enrolment
    where term_no in (select term_no from expected_pupil)
  )
select
  e.school_id,
  e.academic_year,
  e.term,
  e.class_name,
  cast(count(*) as varchar) || ' pupils' as detail
from expected_pupil as e
left join year_groups_now as y
  on y.school_id = e.school_id
  and y.term_no = e.term_no
  and y.year_group = e.year_group
where e.class_name is not null
group by e.school_id, e.academic_year, e.term, e.class_name
having count(*) >= $pupils
  and sum(case when e.is_seen then 1 else 0 end) = 0
  and count(y.school_id) > 0
