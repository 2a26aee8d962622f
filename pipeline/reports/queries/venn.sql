-- one row is a pupil of the team and a subject of the pupil's Venn diagram, with the result it uses.
-- A name is one that the school sent, or of a pupil whom no other school has had.
with elsewhere as (
  select distinct pupil_id
  from core.enrolment
  where school_id <> $school_id
),
members as (
  select
    enrolment.pupil_id,
    enrolment.admission_number,
    enrolment.year_group,
    coalesce(enrolment.class_name, 'No class named') as class_name,
    coalesce(enrolment.surname, case when elsewhere.pupil_id is null then pupil.surname end, '')
      as surname,
    coalesce(enrolment.forename, case when elsewhere.pupil_id is null then pupil.forename end, '')
      as forename,
    coalesce(enrolment.expectation = 'own', false) as own_steps
  from core.enrolment as enrolment
  inner join core.pupil as pupil
    on pupil.pupil_id = enrolment.pupil_id
  left join elsewhere
    on elsewhere.pupil_id = enrolment.pupil_id
  where enrolment.school_id = $school_id
    and enrolment.term_no = $term_no
    and enrolment.on_roll
    and coalesce(enrolment.team, 'No team named') = $team
),
differing as (
  select
    pupil_id,
    subject,
    count(distinct assessment_kind) > 1
      and count(distinct attainment_status) > 1
      and count(distinct row(assessment_kind, attainment_status))
        = count(distinct assessment_kind) as kinds_differ
  from progress.attainment
  where term_no = $term_no
    and attainment_status in ('below', 'at_expectation')
    and seen
  group by
    pupil_id,
    subject
),
flagged as (
  select
    pupil_id,
    subject,
    term_no,
    max(certainty_band) as certainty_band,
    bool_or(certainty is not null) as certainty_known
  from progress.flag
  where term_no between $term_no - 2 and $term_no
  group by
    pupil_id,
    subject,
    term_no
)
select
  members.*,
  year_group.position as year_position,
  venn.rings,
  venn.subjects_known,
  venn.subjects_on_track,
  venn.region,
  ring.subject,
  subject.position as subject_position,
  ring.ring,
  ring.on_track,
  ring.from_term_no,
  status.status,
  status.change,
  bridge.pupils as bridge_pupils,
  bridge.place_then,
  bridge.level_then,
  bridge.place_now,
  bridge.level_now,
  coalesce(status.new_to_english, false) as new_to_english,
  coalesce(status.new_to_school, false) as new_to_school,
  coalesce(status.assessments_differ, false) as assessments_differ,
  coalesce(status.assessments_differ and differing.kinds_differ, false) as kinds_differ,
  case
    when coalesce(flagged.certainty_band, 'borderline') = 'clear' then 'clear'
    when scale.kind <> 'ladder' and flagged.certainty_known = false then 'not_known'
    else 'borderline'
  end as sureness,
  attainment.scale,
  coalesce(scale.title, attainment.scale) as scale_title,
  scale.kind as scale_kind,
  scale.climbs,
  attainment.outcome,
  attainment.points,
  attainment.flag_points,
  attainment.expected_outcome,
  attainment.gap_sd,
  attainment.terms_behind,
  attainment.steps_under,
  coalesce(code.met_without_points = false, false) as not_met
from members
inner join progress.venn as venn
  on venn.pupil_id = members.pupil_id
  and venn.term_no = $term_no
inner join reference.year_group as year_group
  on year_group.year_group = members.year_group
left join progress.venn_subject as ring
  on ring.pupil_id = members.pupil_id
  and ring.term_no = $term_no
left join reference.subject as subject
  on subject.subject = ring.subject
left join progress.status as status
  on status.pupil_id = members.pupil_id
  and status.term_no = $term_no
  and status.subject = ring.subject
left join progress.bridge as bridge
  on bridge.pupil_id = status.pupil_id
  and bridge.term_no = status.term_no
  and bridge.subject = status.subject
left join progress.attainment as attainment
  on attainment.pupil_id = members.pupil_id
  and attainment.term_no = ring.from_term_no
  and attainment.subject = ring.subject
  and attainment.decides
  and attainment.seen
left join reference.scale as scale
  on scale.scale = attainment.scale
left join reference.outcome as code
  on code.scale = attainment.scale
  and code.text = upper(replace(attainment.outcome, ' ', ''))
left join differing
  on differing.pupil_id = members.pupil_id
  and differing.subject = ring.subject
left join flagged
  on flagged.pupil_id = members.pupil_id
  and flagged.term_no = ring.from_term_no
  and flagged.subject = ring.subject
order by
  strip_accents(lower(members.surname)),
  strip_accents(lower(members.forename)),
  members.pupil_id,
  subject.position
