-- one row is a pupil, term and subject that is due
-- `change` compares with the latest of the last three terms that has a comparable status.
with
  due as (
    select
      e.pupil_id,
      e.school_id,
      e.academic_year,
      e.term,
      e.term_no,
      e.year_group,
      e.class_name,
      e.team,
      d.subject,
      coalesce(e.expectation = 'own', false) as own_steps,
      coalesce(e.entry_date > two_before.ends_on, false) as new_to_school,
      coalesce(e.english_proficiency in ('A', 'B'), false) as low_english
    from core.enrolment as e
    join reference.due as d
      on d.year_group = e.year_group
      and d.term = e.term
    left join reference.term as two_before
      on two_before.term_no = e.term_no - 2
    where e.on_roll
  ),
  judged as (
    select
      d.*,
      a.scale,
      a.assessment_kind,
      case
        when a.attainment_status is null then 'not_assessed'
        when d.own_steps and a.attainment_status in ('below', 'at_expectation')
          then 'not_comparable'
        else a.attainment_status
      end as attainment_status
    from due as d
    left join progress.attainment as a
      on a.pupil_id = d.pupil_id
      and a.term_no = d.term_no
      and a.subject = d.subject
      and a.decides
      and a.seen
  ),
  differing as (
    select
      pupil_id,
      term_no,
      subject,
      count(distinct attainment_status) > 1 as assessments_differ
    from progress.attainment
    where attainment_status in ('below', 'at_expectation')
      and seen
    group by pupil_id, term_no, subject
  ),
  earlier as (
    select
      now.pupil_id,
      now.term_no,
      now.subject,
      past.attainment_status,
      past.scale,
      past.assessment_kind,
      row_number() over (
        partition by now.pupil_id, now.term_no, now.subject
        order by past.term_no desc
      ) as place
    from judged as now
    join judged as past
      on past.pupil_id = now.pupil_id
      and past.subject = now.subject
      and past.term_no between now.term_no - 3 and now.term_no - 1
      and past.attainment_status in ('below', 'at_expectation')
  )
select
  j.pupil_id,
  j.school_id,
  j.academic_year,
  j.term,
  j.term_no,
  j.year_group,
  j.class_name,
  j.team,
  j.subject,
  case j.attainment_status
    when 'below' then 'underachieving'
    when 'at_expectation' then 'on_track'
    else j.attainment_status
  end as status,
  j.attainment_status,
  'not_known' as progress_status,
  case
    when j.attainment_status not in ('below', 'at_expectation')
      then case when e.attainment_status = 'below' then 'not_seen' else 'no_result' end
    when e.attainment_status is null then 'first_seen'
    when e.scale <> j.scale or e.assessment_kind <> j.assessment_kind then 'scale_changed'
    when j.attainment_status = 'below'
      then case when e.attainment_status = 'below' then 'continuing' else 'new' end
    when e.attainment_status = 'below' then 'recovered'
    else 'on_track'
  end as change,
  coalesce(f.assessments_differ, false) as assessments_differ,
  j.new_to_school,
  j.new_to_school and j.low_english as new_to_english,
  j.own_steps
from judged as j
left join differing as f
  on f.pupil_id = j.pupil_id
  and f.term_no = j.term_no
  and f.subject = j.subject
left join earlier as e
  on e.pupil_id = j.pupil_id
  and e.term_no = j.term_no
  and e.subject = j.subject
  and e.place = 1
