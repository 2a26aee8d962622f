-- one row is a subject and a reason for flags in the school or one of its teams, with how many.
select
  coalesce(enrolment.team, 'No team named') as team,
  flag.subject,
  subject.position as subject_position,
  flag.reason,
  count(*) filter (where flag.certainty_band = 'clear') as clear,
  count(*) filter (where flag.certainty_band <> 'clear') as borderline,
  count(*) filter (
    where flag.certainty_band <> 'clear'
      and flag.certainty is null
      and flag.reason <> 'low_growth'
      and scale.kind <> 'ladder'
  ) as not_known
from progress.flag as flag
inner join core.enrolment as enrolment
  on enrolment.pupil_id = flag.pupil_id
  and enrolment.term_no = flag.term_no
  and enrolment.on_roll
inner join reference.subject as subject
  on subject.subject = flag.subject
left join progress.attainment as attainment
  on attainment.pupil_id = flag.pupil_id
  and attainment.term_no = flag.term_no
  and attainment.subject = flag.subject
  and attainment.decides
  and attainment.seen
left join reference.scale as scale
  on scale.scale = attainment.scale
where flag.term_no = $term_no
  and enrolment.school_id = $school_id
group by
  coalesce(enrolment.team, 'No team named'),
  flag.subject,
  subject.position,
  flag.reason
order by
  subject.position,
  flag.reason,
  team
