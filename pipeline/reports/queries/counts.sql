-- one row is a subject in a team, year group, class or the whole school (`level`): pupils by status.
with flagged as (
  select
    pupil_id,
    subject,
    max(certainty_band) as certainty_band
  from progress.flag
  where school_id = $school_id
    and term_no = $term_no
  group by
    pupil_id,
    subject
),
members as (
  select
    enrolment.pupil_id,
    coalesce(enrolment.team, 'No team named') as team,
    enrolment.year_group,
    coalesce(enrolment.class_name, 'No class named') as class_name,
    subject.subject,
    subject.position as subject_position,
    case
      when status.own_steps then 'own_steps'
      else coalesce(status.status, 'not_due')
    end as status,
    flagged.certainty_band
  from core.enrolment as enrolment
  cross join reference.subject as subject
  left join progress.status as status
    on status.pupil_id = enrolment.pupil_id
    and status.term_no = enrolment.term_no
    and status.subject = subject.subject
  left join flagged
    on flagged.pupil_id = enrolment.pupil_id
    and flagged.subject = subject.subject
  where enrolment.school_id = $school_id
    and enrolment.term_no = $term_no
    and enrolment.on_roll
)
select
  case
    when grouping(members.team) = 0 then 'team'
    when grouping(members.year_group) = 0 then 'year_group'
    when grouping(members.class_name) = 0 then 'class'
    else 'school'
  end as level,
  members.team,
  members.year_group,
  members.class_name,
  members.subject,
  members.subject_position,
  min(year_group.position) as position,
  count(*) as on_roll,
  count(*) filter (where members.status <> 'not_due') as due,
  count(*) filter (where members.status = 'on_track') as on_track,
  count(*) filter (where members.status = 'underachieving') as underachieving,
  count(*) filter (
    where members.status = 'underachieving'
      and members.certainty_band = 'clear'
  ) as clear,
  count(*) filter (
    where members.status = 'underachieving'
      and coalesce(members.certainty_band, 'borderline') <> 'clear'
  ) as borderline,
  count(*) filter (where members.status = 'own_steps') as own_steps,
  count(*) filter (where members.status = 'not_comparable') as not_comparable,
  count(*) filter (where members.status = 'not_assessed') as not_assessed,
  count(*) filter (where members.status = 'not_due') as not_due
from members
inner join reference.year_group as year_group
  on year_group.year_group = members.year_group
group by grouping sets (
  (members.subject, members.subject_position),
  (members.team, members.subject, members.subject_position),
  (members.year_group, members.subject, members.subject_position),
  (members.class_name, members.subject, members.subject_position)
)
order by
  level,
  position,
  members.team,
  members.year_group,
  members.class_name,
  members.subject_position
