-- one row is a class of the team, with its year groups and teacher.
select
  coalesce(enrolment.class_name, 'No class named') as class_name,
  enrolment.year_group,
  enrolment.teacher,
  min(year_group.position) as position,
  count(*) as pupils
from core.enrolment as enrolment
inner join reference.year_group as year_group
  on year_group.year_group = enrolment.year_group
where enrolment.school_id = $school_id
  and enrolment.term_no = $term_no
  and enrolment.on_roll
  and coalesce(enrolment.team, 'No team named') = $team
group by
  coalesce(enrolment.class_name, 'No class named'),
  enrolment.year_group,
  enrolment.teacher
order by
  class_name,
  position,
  enrolment.teacher
