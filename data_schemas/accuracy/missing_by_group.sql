-- one row is a subject in which results are missing more often in a pupil group than outside it
-- code = "missing_by_group"
-- title = "Results are missing no more often in one group than in others"
-- severity = "note"
-- level = "school"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- audience = "head and data lead"
-- counts = "due"
-- message = "Is there a reason why results are missing more often among pupils with {found} ({detail})?"
-- several = "In {count} subjects and groups results are missing more often than among other pupils. Is there a reason?"
-- fix = "Look at who is missing: were these pupils absent, taught elsewhere, or judged not worth testing?"
-- why = "Where the pupils who find it hardest are the ones without a result, every average of the group is too good."
-- least = { pupils = 10 }
-- limits = { chance = 0.001 }
with
  marked as (
    select
      school_id,
      academic_year,
      term,
      subject,
      pupil_premium,
      eal,
      sen <> 'N' as has_sen,
      count(*) as due,
      sum(case when has_outcome then 0 else 1 end) as missing
    from due_result
    group by school_id, academic_year, term, subject, pupil_premium, eal, sen <> 'N'
  ),
  grouped as (
    select
      m.*,
      g.group_name,
      case g.group_name
        when 'pupil premium' then m.pupil_premium
        when 'EAL' then m.eal
        else m.has_sen
      end as is_in_group
    from marked as m
    cross join (values ('pupil premium'), ('EAL'), ('SEN')) as g (group_name)
  ),
  counted as (
    select
      school_id,
      academic_year,
      term,
      subject,
      group_name,
      sum(case when is_in_group then due else 0 end) as inside,
      sum(case when not is_in_group then due else 0 end) as outside,
      sum(case when is_in_group then missing else 0 end) as inside_missing,
      sum(case when not is_in_group then missing else 0 end) as outside_missing
    from grouped
    where is_in_group is not null
    group by school_id, academic_year, term, subject, group_name
  ),
  -- the rate elsewhere with one more missing of two more, so that it is never nought
  compared as (
    select
      *,
      inside_missing / inside as share,
      (outside_missing + 1) / (outside + 2) as elsewhere
    from counted
    where inside >= $pupils
      and outside >= $pupils
  )
select
  school_id,
  academic_year,
  term,
  subject,
  group_name as found,
  cast(inside_missing as varchar) || ' of ' || cast(inside as varchar) || ', elsewhere '
    || cast(outside_missing as varchar) || ' of ' || cast(outside as varchar) as detail
from compared
where share > elsewhere
  and case
    when share = 1 then inside * ln(elsewhere)
    else -inside * (
      share * ln(share / elsewhere) + (1 - share) * ln((1 - share) / (1 - elsewhere))
    )
  end < ln($chance)
