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
-- why = "Results and pages would go to last year's teachers and teams. A class is last year's where its name bears the year group that its pupils have left, or where classes of that name had that year group, and not the new one, in both school years before. A class in which pupils stay for two years is neither."
-- least = { pupils = 10 }
-- limits = { share = 0.5, part = 0.2 }
with
  of_class as (
    select
      school_id,
      term_no // 3 as starting_year,
      class_name,
      year_group,
      count(*) as pupils
    from core.enrolment
    where on_roll
      and class_name is not null
    group by school_id, term_no // 3, class_name, year_group
  ),
  shared as (
    select
      *,
      pupils / sum(pupils) over (partition by school_id, starting_year, class_name) as share_of_class
    from of_class
  ),
  -- one pupil taught with others does not give a class their year group
  year_group_of_class as (
    select *
    from shared
    where share_of_class >= $part
  ),
  named as (
    select distinct school_id, starting_year, class_name
    from of_class
  ),
  staying as (
    select
      c.school_id,
      c.academic_year,
      c.term,
      c.term_no // 3 as starting_year,
      c.class_name,
      c.year_group,
      c.year_group_before,
      c.class_name = c.class_name_before as same_name,
      min(c.file_id) as file_id,
      count(*) as pupils
    from carried_pupil as c
    join reference.year_group as y
      on y.year_group = c.year_group
    join reference.year_group as b
      on b.year_group = c.year_group_before
    where y.position = b.position + 1
      and c.on_roll
      and c.class_name is not null
    group by
      c.school_id, c.academic_year, c.term, c.term_no, c.class_name, c.year_group,
      c.year_group_before, c.class_name = c.class_name_before
  ),
  moved_up as (
    select
      s.*,
      s.same_name
        and last_year_now.school_id is null
        and case
          when earlier_name.school_id is null
            then regexp_matches(
              s.class_name, '(^|[^0-9])' || s.year_group_before || '([^0-9]|$)'
            ) and not regexp_matches(
              s.class_name, '(^|[^0-9])' || s.year_group || '([^0-9]|$)'
            )
          else last_year_before.school_id is not null
            and earlier_before.school_id is not null
            and earlier_now.school_id is null
        end as still_there
    from staying as s
    left join named as earlier_name
      on earlier_name.school_id = s.school_id
      and earlier_name.starting_year = s.starting_year - 2
      and earlier_name.class_name = s.class_name
    left join year_group_of_class as last_year_before
      on last_year_before.school_id = s.school_id
      and last_year_before.starting_year = s.starting_year - 1
      and last_year_before.class_name = s.class_name
      and last_year_before.year_group = s.year_group_before
    left join year_group_of_class as last_year_now
      on last_year_now.school_id = s.school_id
      and last_year_now.starting_year = s.starting_year - 1
      and last_year_now.class_name = s.class_name
      and last_year_now.year_group = s.year_group
    left join year_group_of_class as earlier_before
      on earlier_before.school_id = s.school_id
      and earlier_before.starting_year = s.starting_year - 2
      and earlier_before.class_name = s.class_name
      and earlier_before.year_group = s.year_group_before
    left join year_group_of_class as earlier_now
      on earlier_now.school_id = s.school_id
      and earlier_now.starting_year = s.starting_year - 2
      and earlier_now.class_name = s.class_name
      and earlier_now.year_group = s.year_group
  )
select
  school_id,
  academic_year,
  term,
  min(file_id) as file_id,
  'class_name' as column_name,
  cast(sum(case when still_there then pupils else 0 end) as varchar) || ' of '
    || cast(sum(pupils) as varchar) || ' pupils' as detail
from moved_up
group by school_id, academic_year, term
having sum(pupils) >= $pupils
  and sum(case when still_there then pupils else 0 end) > $share * sum(pupils)
