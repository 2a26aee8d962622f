-- one row is a team of the school in which a pupil has several results in one subject.
select distinct
  coalesce(enrolment.team, 'No team named') as team
from core.enrolment as enrolment
inner join progress.status as status
  on status.pupil_id = enrolment.pupil_id
  and status.term_no = enrolment.term_no
inner join progress.attainment as attainment
  on attainment.pupil_id = status.pupil_id
  and attainment.term_no = status.term_no
  and attainment.subject = status.subject
  and not attainment.decides
  and attainment.seen
where enrolment.school_id = $school_id
  and enrolment.term_no = $term_no
  and enrolment.on_roll
order by team
