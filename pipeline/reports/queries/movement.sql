-- one row is a pupil of the school and a subject that is due: the band then and the band now.
-- A name is one that the school sent, or of a pupil whom no other school has had.
with elsewhere as (
  select distinct pupil_id
  from core.enrolment
  where school_id <> $school_id
),
moved as (
  select
    status.pupil_id,
    subject.position,
    coalesce(enrolment.team, 'No team named') as team,
    enrolment.admission_number,
    coalesce(enrolment.surname, case when elsewhere.pupil_id is null then pupil.surname end, '')
      as surname,
    coalesce(enrolment.forename, case when elsewhere.pupil_id is null then pupil.forename end, '')
      as forename,
    status.subject,
    coalesce(status.earlier_band, 'none') as earlier_band,
    status.band
  from progress.status as status
  inner join core.enrolment as enrolment
    on enrolment.pupil_id = status.pupil_id
    and enrolment.school_id = status.school_id
    and enrolment.term_no = status.term_no
    and enrolment.on_roll
  inner join core.pupil as pupil
    on pupil.pupil_id = status.pupil_id
  inner join reference.subject as subject
    on subject.subject = status.subject
  left join elsewhere
    on elsewhere.pupil_id = status.pupil_id
  where status.school_id = $school_id
    and status.term_no = $term_no
)
select *
from moved
order by
  position,
  strip_accents(lower(surname)),
  strip_accents(lower(forename)),
  pupil_id
