-- one row is a pupil of the team and a subject due: the risk of being below at the next summer.
select
  risk.pupil_id,
  risk.subject,
  risk.risk,
  risk.basis,
  risk.earlier_pupils
from progress.risk as risk
inner join core.enrolment as enrolment
  on enrolment.pupil_id = risk.pupil_id
  and enrolment.school_id = $school_id
  and enrolment.term_no = risk.term_no
  and enrolment.on_roll
where risk.term_no = $term_no
  and coalesce(enrolment.team, 'No team named') = $team
order by
  risk.pupil_id,
  risk.subject
