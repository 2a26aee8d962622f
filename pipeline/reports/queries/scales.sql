-- one row is a scale whose outcomes decide for pupils of a team of the school, and how it is used.
with deciding as (
  select
    coalesce(enrolment.team, 'No team named') as team,
    status.own_steps,
    attainment.scale,
    attainment.points,
    attainment.flag_points,
    attainment.standard_error,
    flag.certainty
  from core.enrolment as enrolment
  inner join progress.status as status
    on status.pupil_id = enrolment.pupil_id
    and status.term_no = enrolment.term_no
  inner join progress.attainment as attainment
    on attainment.pupil_id = status.pupil_id
    and attainment.term_no = status.term_no
    and attainment.subject = status.subject
    and attainment.decides
    and attainment.seen
  left join progress.flag as flag
    on flag.pupil_id = status.pupil_id
    and flag.term_no = status.term_no
    and flag.subject = status.subject
    and flag.reason = 'below'
  where enrolment.school_id = $school_id
    and enrolment.term_no = $term_no
    and enrolment.on_roll
)
select
  deciding.team,
  deciding.own_steps,
  deciding.scale,
  coalesce(scale.title, deciding.scale) as scale_title,
  scale.kind as scale_kind,
  scale.mean_points,
  deciding.flag_points,
  count(deciding.points) as scored,
  count(deciding.standard_error) as with_margin,
  count(deciding.certainty) as with_certainty
from deciding
left join reference.scale as scale
  on scale.scale = deciding.scale
group by
  deciding.team,
  deciding.own_steps,
  deciding.scale,
  scale.title,
  scale.kind,
  scale.mean_points,
  deciding.flag_points
order by
  scale_title,
  deciding.flag_points,
  deciding.team,
  deciding.own_steps
