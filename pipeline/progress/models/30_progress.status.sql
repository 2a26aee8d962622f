-- one row is a pupil, term and subject that is due
-- A pupil judged by own steps is compared with no year group: attainment stays not_comparable, and
-- progress and the pupil's own target decide. Where attainment cannot be compared, nothing else is
-- judged. `change` and `earlier_band` compare with the latest of the last three terms that has a
-- comparable status.
with
  settling as (
    select cast(number as integer) as terms from reference.setting where name = 'settling_terms'
  ),
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
      coalesce(e.entry_date > settled.ends_on, false) as new_to_school,
      coalesce(e.english_proficiency in ('A', 'B'), false) as low_english
    from core.enrolment as e
    join reference.due as d
      on d.year_group = e.year_group
      and d.term = e.term
    cross join settling
    left join reference.term as settled
      on settled.term_no = e.term_no - settling.terms
    where e.on_roll
  ),
  judged as (
    select
      d.*,
      r.scale,
      r.assessment_kind,
      case
        when r.attainment_status is null then 'not_assessed'
        when d.own_steps and r.attainment_status in ('below', 'at_expectation')
          then 'not_comparable'
        else r.attainment_status
      end as attainment_status,
      coalesce(d.own_steps or r.attainment_status in ('below', 'at_expectation'), false)
        as is_judged,
      case when not d.own_steps then r.at_higher end as at_higher,
      case when d.own_steps then r.own_slow else r.slow end as slow,
      coalesce(r.dropped, false) as dropped,
      r.on_target,
      r.base_term_no,
      r.fell_from_term_no
    from due as d
    left join dropped_result as r
      on r.pupil_id = d.pupil_id
      and r.term_no = d.term_no
      and r.subject = d.subject
  ),
  reasoned as (
    select
      * exclude (slow, dropped),
      coalesce(is_judged and not new_to_school and slow, false) as slow,
      is_judged and not new_to_school and slow is not null as slow_is_known,
      is_judged and not new_to_school and dropped as dropped,
      coalesce(is_judged and not on_target, false) as off_target
    from judged
  ),
  decided as (
    select
      *,
      case
        when slow or dropped then 'too_little'
        when slow_is_known then 'enough'
        else 'not_known'
      end as progress_status,
      case
        when attainment_status = 'below' or slow or dropped or off_target then 'underachieving'
        when attainment_status = 'at_expectation' then 'on_track'
        when own_steps and (slow_is_known or on_target) then 'on_track'
        else attainment_status
      end as status,
      case
        when own_steps then 'own_steps'
        when attainment_status = 'at_expectation' and at_higher then 'higher'
        when attainment_status = 'at_expectation' then 'expected'
        else attainment_status
      end as band
    from reasoned
  ),
  followed as (
    select
      *,
      last_value(case when status in ('underachieving', 'on_track') then status end ignore nulls)
        over earlier as earlier_status,
      last_value(case when status in ('underachieving', 'on_track') then scale end ignore nulls)
        over earlier as earlier_scale,
      last_value(
        case when status in ('underachieving', 'on_track') then assessment_kind end ignore nulls
      ) over earlier as earlier_kind,
      last_value(case when status in ('underachieving', 'on_track') then band end ignore nulls)
        over earlier as earlier_band,
      last_value(case when status in ('underachieving', 'on_track') then term_no end ignore nulls)
        over earlier as earlier_term_no
    from decided
    window earlier as (
      partition by pupil_id, subject
      order by term_no
      range between 3 preceding and 1 preceding
    )
  ),
  differing as (
    select
      pupil_id,
      term_no,
      subject,
      min(attainment_status) < max(attainment_status) as assessments_differ
    from progress.attainment
    where attainment_status in ('below', 'at_expectation')
      and seen
    group by pupil_id, term_no, subject
  )
select
  s.pupil_id,
  s.school_id,
  s.academic_year,
  s.term,
  s.term_no,
  s.year_group,
  s.class_name,
  s.team,
  s.subject,
  s.status,
  s.attainment_status,
  s.progress_status,
  case
    when s.status not in ('underachieving', 'on_track')
      then case when s.earlier_status = 'underachieving' then 'not_seen' else 'no_result' end
    when s.earlier_status is null then 'first_seen'
    when s.earlier_scale <> s.scale or s.earlier_kind <> s.assessment_kind then 'scale_changed'
    when s.status = 'underachieving'
      then case when s.earlier_status = 'underachieving' then 'continuing' else 'new' end
    when s.earlier_status = 'underachieving' then 'recovered'
    else 'on_track'
  end as change,
  s.at_higher,
  s.band,
  case
    when s.status in ('underachieving', 'on_track')
      and (s.earlier_scale <> s.scale or s.earlier_kind <> s.assessment_kind)
      then 'other_measure'
    else s.earlier_band
  end as earlier_band,
  s.earlier_term_no,
  coalesce(f.assessments_differ, false) as assessments_differ,
  s.new_to_school,
  s.new_to_school and s.low_english as new_to_english,
  s.own_steps,
  s.slow,
  s.dropped,
  s.off_target,
  case when s.slow then s.base_term_no end as slow_since_term_no,
  case when s.dropped then s.fell_from_term_no end as dropped_from_term_no
from followed as s
left join differing as f
  on f.pupil_id = s.pupil_id
  and f.term_no = s.term_no
  and f.subject = s.subject
