-- one row is a pupil of the team and a subject that is due, with the result that decides.
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
      as forename
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
    max(certainty_band) as certainty_band,
    bool_or(certainty is not null) as certainty_known
  from progress.flag
  where school_id = $school_id
    and term_no = $term_no
  group by
    pupil_id,
    subject
),
deciding as (
  select
    attainment.*,
    scale.title as scale_title,
    scale.kind as scale_kind,
    scale.climbs,
    scale.judged
      and not exists (
        select 1
        from reference.paper as paper
        where paper.scale = attainment.scale
          and not paper.judged
          and coalesce(paper.subject, attainment.subject) = attainment.subject
          and coalesce(paper.assessment, lower(attainment.assessment))
            = lower(attainment.assessment)
      ) as judged,
    exists (
      select 1
      from reference.paper as paper
      where paper.scale = attainment.scale
        and paper.expected_score is not null
        and coalesce(paper.assessment, lower(attainment.assessment))
          = lower(attainment.assessment)
        and (
          paper.term <> attainment.term
          or paper.year_group <> attainment.year_group
        )
    ) as judged_at_another_time,
    coalesce(school_meaning.meaning, scale.meaning) as meaning,
    coalesce(code.met_without_points = false, false) as not_met,
    result.outcome_on_scale
  from progress.attainment as attainment
  inner join members
    on members.pupil_id = attainment.pupil_id
  left join reference.scale as scale
    on scale.scale = attainment.scale
  left join reference.outcome as code
    on code.scale = attainment.scale
    and code.text = upper(replace(attainment.outcome, ' ', ''))
  left join reference.school_meaning as school_meaning
    on school_meaning.school_id = attainment.school_id
    and school_meaning.scale = attainment.scale
  left join core.result as result
    on result.pupil_id = attainment.pupil_id
    and result.school_id = attainment.school_id
    and result.term_no = attainment.term_no
    and result.subject = attainment.subject
    and result.scale = attainment.scale
    and result.assessment_kind = attainment.assessment_kind
    and result.assessment = attainment.assessment
    and result.attempt = attainment.attempt
  where attainment.term_no = $term_no
    and attainment.decides
    and attainment.seen
)
select
  members.*,
  year_group.position as year_position,
  status.subject,
  subject.position as subject_position,
  status.status,
  status.attainment_status,
  status.progress_status,
  status.change,
  bridge.pupils as bridge_pupils,
  bridge.place_then,
  bridge.level_then,
  bridge.place_now,
  bridge.level_now,
  status.assessments_differ,
  status.assessments_differ and coalesce(differing.kinds_differ, false) as kinds_differ,
  status.new_to_school,
  status.new_to_english,
  status.own_steps,
  case
    when coalesce(flagged.certainty_band, 'borderline') = 'clear' then 'clear'
    when deciding.scale_kind <> 'ladder' and flagged.certainty_known = false then 'not_known'
    else 'borderline'
  end as sureness,
  deciding.scale,
  coalesce(deciding.scale_title, deciding.scale) as scale_title,
  deciding.scale_kind,
  deciding.climbs,
  deciding.assessment_kind,
  deciding.assessment,
  deciding.outcome,
  deciding.no_result_reason,
  deciding.target,
  deciding.target_term,
  deciding.points,
  deciding.flag_points,
  deciding.expected_outcome,
  deciding.gap_sd,
  deciding.terms_behind,
  deciding.steps_under,
  deciding.not_met,
  deciding.standard_error,
  case
    when status.status <> 'not_comparable' then null
    when deciding.outcome_on_scale = false then 'not_on_scale'
    when not deciding.judged then 'never_judged'
    when deciding.scale_kind = 'cohort' and deciding.points is null then 'norm_too_small'
    when deciding.scale_kind = 'ladder' and deciding.meaning = 'end_of_key_stage'
      then 'end_of_key_stage'
    when deciding.scale_kind = 'ladder' and deciding.flag_points is null then 'no_expectation'
    when deciding.judged_at_another_time and deciding.flag_points is null then 'another_time'
    when deciding.scale_kind = 'score' and deciding.flag_points is null then 'paper_unknown'
    else 'other'
  end as not_comparable_reason
from members
inner join progress.status as status
  on status.pupil_id = members.pupil_id
  and status.term_no = $term_no
inner join reference.subject as subject
  on subject.subject = status.subject
inner join reference.year_group as year_group
  on year_group.year_group = members.year_group
left join progress.bridge as bridge
  on bridge.pupil_id = status.pupil_id
  and bridge.term_no = status.term_no
  and bridge.subject = status.subject
left join flagged
  on flagged.pupil_id = status.pupil_id
  and flagged.subject = status.subject
left join differing
  on differing.pupil_id = status.pupil_id
  and differing.subject = status.subject
left join deciding
  on deciding.pupil_id = status.pupil_id
  and deciding.subject = status.subject
order by
  subject.position,
  strip_accents(lower(members.surname)),
  strip_accents(lower(members.forename)),
  members.pupil_id
