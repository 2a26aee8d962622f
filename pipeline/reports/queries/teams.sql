-- one row is an Achievement Team of a school in the term, numbered in the order of its year groups.
with due as (
  select distinct pupil_id
  from progress.status
  where term_no = $term_no
),
teams as (
  select
    enrolment.school_id,
    coalesce(enrolment.team, 'No team named') as team,
    count(*) as pupils,
    min(year_group.position) as first_position,
    count(*) filter (where due.pupil_id is not null) as pupils_due
  from core.enrolment as enrolment
  inner join reference.year_group as year_group
    on year_group.year_group = enrolment.year_group
  left join due
    on due.pupil_id = enrolment.pupil_id
  where enrolment.term_no = $term_no
    and enrolment.on_roll
  group by
    enrolment.school_id,
    coalesce(enrolment.team, 'No team named')
)
select
  school_id,
  cast(row_number() over (partition by school_id order by first_position, team) as integer)
    as team_no,
  team,
  pupils,
  pupils_due
from teams
order by
  school_id,
  team_no
