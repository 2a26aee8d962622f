-- one row is a pupil group that has emptied: everyone who was in it is in it no longer
-- code = "group_all_blank"
-- title = "A pupil group does not empty from one term to the next"
-- severity = "warning"
-- level = "file"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "In the column '{found}' no pupil is marked any more, though last time {detail} of those still on roll were."
-- several = "{count} columns of pupil groups mark no pupil any more, though last time some were."
-- fix = "Export again with the column filled. In some systems it is filled only for those who may see it, or only when an effective date is given."
-- why = "With the column blank the gap of disadvantaged pupils, of pupils with SEN or with EAL cannot be seen, and the pupils are not looked for."
-- least = { pupils = 10, marked = 3 }
with
  marked as (
    select
      c.school_id,
      c.academic_year,
      c.term,
      c.file_id,
      g.column_name,
      case g.column_name
        when 'pupil_premium' then c.pupil_premium
        when 'fsm6' then c.fsm6
        when 'eal' then c.eal
        else c.sen <> 'N'
      end as now,
      case g.column_name
        when 'pupil_premium' then c.pupil_premium_before
        when 'fsm6' then c.fsm6_before
        when 'eal' then c.eal_before
        else c.sen_before <> 'N'
      end as before
    from carried_pupil as c
    cross join (values ('pupil_premium'), ('fsm6'), ('eal'), ('sen')) as g (column_name)
    where c.on_roll
  )
select
  school_id,
  academic_year,
  term,
  min(file_id) as file_id,
  column_name,
  column_name as found,
  cast(sum(case when before then 1 else 0 end) as varchar) as detail
from marked
group by school_id, academic_year, term, column_name
having sum(case when before then 1 else 0 end) >= $marked
  and count(*) >= $pupils
  and sum(case when now then 1 else 0 end) = 0
