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
      and e.term_no between getvariable('first_term_no') and getvariable('last_term_no')
      and e.pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
  ),
  -- what a closer look has found; of all others it is known that progress is enough where there is a
  -- result to measure from of a year ago
  found as (
    select
      r.pupil_id,
      r.term_no,
      r.subject,
      r.scale,
      r.assessment_kind,
      r.attainment_status,
      r.at_higher,
      r.on_target,
      case
        when c.pupil_id is not null then c.slow
        when r.is_usable and year.is_usable then false
      end as slow,
      c.own_slow,
      coalesce(c.dropped, false) as dropped,
      c.base_term_no,
      c.fell_from_term_no
    from decided_result as r
    left join decided_result as year
      on year.pupil_id = r.pupil_id
      and year.subject = r.subject
      and year.series_no = r.series_no
      and year.term_no = r.term_no - 3
      and year.is_usable
      and year.term_no between getvariable('first_term_no') - 3 and getvariable('last_term_no') - 3
      and year.pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
    left join dropped_result as c
      on c.pupil_id = r.pupil_id
      and c.subject = r.subject
      and c.term_no = r.term_no
    where r.term_no between getvariable('first_term_no') and getvariable('last_term_no')
      and r.pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
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
    left join found as r
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
  comparable as (
    select pupil_id, subject, term_no, status, scale, assessment_kind, band
    from decided
    where status in ('underachieving', 'on_track')
    union all
    select pupil_id, subject, term_no, status, scale, assessment_kind, band
    from progress.status
    where status in ('underachieving', 'on_track')
      and term_no between getvariable('first_term_no') - 3 and getvariable('first_term_no') - 1
      and pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
  ),
  followed as (
    select
      d.*,
      coalesce(one.status, two.status, three.status) as earlier_status,
      coalesce(one.scale, two.scale, three.scale) as earlier_scale,
      coalesce(one.assessment_kind, two.assessment_kind, three.assessment_kind) as earlier_kind,
      coalesce(one.band, two.band, three.band) as earlier_band,
      coalesce(one.term_no, two.term_no, three.term_no) as earlier_term_no
    from decided as d
    left join comparable as one
      on one.pupil_id = d.pupil_id
      and one.subject = d.subject
      and one.term_no = d.term_no - 1
    left join comparable as two
      on two.pupil_id = d.pupil_id
      and two.subject = d.subject
      and two.term_no = d.term_no - 2
    left join comparable as three
      on three.pupil_id = d.pupil_id
      and three.subject = d.subject
      and three.term_no = d.term_no - 3
  ),
  -- only where a result does not decide can there be two that differ
  several as (
    select distinct pupil_id, term_no, subject
    from progress.attainment
    where not decides
      and term_no between getvariable('first_term_no') and getvariable('last_term_no')
      and pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
  ),
  differing as (
    select a.pupil_id, a.term_no, a.subject
    from progress.attainment as a
    join several as m
      on m.pupil_id = a.pupil_id
      and m.term_no = a.term_no
      and m.subject = a.subject
    where a.attainment_status in ('below', 'at_expectation')
      and a.seen
      and a.term_no between getvariable('first_term_no') and getvariable('last_term_no')
      and a.pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
    group by a.pupil_id, a.term_no, a.subject
    having min(a.attainment_status) < max(a.attainment_status)
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
  s.scale,
  s.assessment_kind,
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
  f.pupil_id is not null as assessments_differ,
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
