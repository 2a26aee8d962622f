-- one row is a pupil group of the school and a subject, with its pupils by status.
with members as (
  select
    pupil_id,
    sex,
    pupil_premium,
    sen,
    eal
  from core.enrolment
  where school_id = $school_id
    and term_no = $term_no
    and on_roll
),
grouped as (
  select
    pupil_id,
    1 as group_position,
    'pupil_premium' as group_name,
    case
      when pupil_premium then 'yes'
      when not pupil_premium then 'no'
      else 'not_recorded'
    end as group_value
  from members
  union all
  select
    pupil_id,
    2 as group_position,
    'sen' as group_name,
    case
      when sen = 'N' then 'no'
      when sen in ('E', 'S') then 'plan'
      when sen in ('K', 'A', 'P') then 'support'
      else 'not_recorded'
    end as group_value
  from members
  union all
  select
    pupil_id,
    3 as group_position,
    'eal' as group_name,
    case
      when eal then 'yes'
      when not eal then 'no'
      else 'not_recorded'
    end as group_value
  from members
  union all
  select
    pupil_id,
    4 as group_position,
    'sex' as group_name,
    coalesce(sex, 'not_recorded') as group_value
  from members
)
select
  grouped.group_name,
  grouped.group_value,
  status.subject,
  subject.position as subject_position,
  count(*) as due,
  count(*) filter (where status.status in ('on_track', 'underachieving')) as judged,
  count(*) filter (where status.status = 'underachieving') as underachieving
from grouped
inner join progress.status as status
  on status.pupil_id = grouped.pupil_id
  and status.term_no = $term_no
inner join reference.subject as subject
  on subject.subject = status.subject
group by
  grouped.group_position,
  grouped.group_name,
  grouped.group_value,
  status.subject,
  subject.position
order by
  grouped.group_position,
  case grouped.group_value
    when 'not_recorded' then 3
    when 'no' then 2
    else 1
  end,
  grouped.group_value,
  subject.position
