-- one row is a subject and a change since earlier terms, with the pupils of the school it holds for.
select
  status.subject,
  subject.position as subject_position,
  status.change,
  count(*) as pupils
from progress.status as status
inner join core.enrolment as enrolment
  on enrolment.pupil_id = status.pupil_id
  and enrolment.term_no = status.term_no
  and enrolment.on_roll
inner join reference.subject as subject
  on subject.subject = status.subject
where enrolment.school_id = $school_id
  and status.term_no = $term_no
  and not status.own_steps
group by
  status.subject,
  subject.position,
  status.change
order by
  subject.position,
  status.change
