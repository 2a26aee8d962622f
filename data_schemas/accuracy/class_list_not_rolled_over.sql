-- one row is a school whose classes still bear the year of the summer before
-- code = "class_list_not_rolled_over"
-- title = "Class lists are those of the new academic year"
-- severity = "warning"
-- level = "file"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "Pupils have moved up a year group, but most are still in last summer's class ({detail}): the class lists seem not to have been moved up."
-- several = "{count} schools have most pupils still in last summer's classes though their year groups have moved up."
-- fix = "Move the class lists up in the management information system and export the roll again."
-- why = "Results and pages would go to last year's teachers and teams."
-- least = { pupils = 10 }
-- limits = { share = 0.5 }
with
  moved_up as (
    select
      c.*,
      c.class_name = c.class_name_before
        and regexp_extract(c.class_name, '[0-9]+') = c.year_group_before as still_there
    from carried_pupil as c
    join reference.year_group as y
      on y.year_group = c.year_group
    join reference.year_group as b
      on b.year_group = c.year_group_before
    where y.position = b.position + 1
      and c.on_roll
      and c.class_name is not null
  )
select
  school_id,
  academic_year,
  term,
  min(file_id) as file_id,
  'class_name' as column_name,
  cast(sum(case when still_there then 1 else 0 end) as varchar) || ' of '
    || cast(count(*) as varchar) || ' pupils' as detail
from moved_up
group by school_id, academic_year, term
having count(*) >= $pupils
  and sum(case when still_there then 1 else 0 end) > $share * count(*)
