-- one row is a pupil, term and subject that is due
-- A pupil judged by own steps is compared with no year group: attainment stays not_comparable, and
-- progress and the pupil's own target decide. Where attainment cannot be compared, nothing else is
-- judged. `change` and `earlier_band` compare with the latest of the last three terms that has a
-- comparable status; where one term alone is flagged, none of them is of this run, and DuckDB leaves
-- that half of `comparable` out.
-- joins as written
with
  settling as (
    select cast(number as integer) as terms from reference.setting where name = 'settling_terms'
  ),
  on_roll as not materialized (
    select *
    from core.enrolment
    where on_roll
      and term_no between getvariable('first_term_no') and getvariable('last_term_no')
      and pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
  ),
  due as (
    select
      e.pupil_id,
      e.school_id,
      e.term_no,
      e.year_group,
      c.class_no,
      d.subject,
      coalesce(e.expectation = 'own', false) as own_steps,
      coalesce(e.entry_date > settled.ends_on, false) as new_to_school,
      coalesce(e.english_proficiency in ('A', 'B'), false) as low_english
    from on_roll as e
    join progress.class as c
      on c.school_id = e.school_id
      and c.term_no = e.term_no
      and c.year_group is not distinct from e.year_group
      and c.class_name is not distinct from e.class_name
      and c.team is not distinct from e.team
    join reference.due as d
      on d.year_group = e.year_group
      and d.term = e.term
    cross join settling
    left join reference.term as settled
      on settled.term_no = e.term_no - settling.terms
  ),
  -- of those not looked at closely it is known whether the result fell from the last term's, and that
  -- progress is enough where there is a result to measure from of a year ago
  judged as (
    select
      d.*,
      v.scale,
      v.assessment_kind,
      v.measure_no,
      case
        when v.attainment_status is null then attained('not_assessed')
        when d.own_steps and v.attainment_status in ('below', 'at_expectation')
          then attained('not_comparable')
        else v.attainment_status
      end as attainment_status,
      coalesce(d.own_steps or v.attainment_status in ('below', 'at_expectation'), false)
        as is_judged,
      case when not d.own_steps then v.at_higher end as at_higher,
      case
        when c.pupil_id is null then case when r.since_year then false end
        when d.own_steps then c.own_slow
        else c.slow
      end as slow,
      coalesce(c.dropped, r.fell, false) as dropped,
      r.on_target,
      c.base_term_no,
      case
        when c.pupil_id is not null then c.fell_from_term_no
        when r.fell then r.term_no - 1
      end as fell_from_term_no
    from due as d
    left join result_now as r
      on r.pupil_id = d.pupil_id
      and r.term_no = d.term_no
      and r.subject = d.subject
    left join level as v
      on v.judgement_no = r.judgement_no
    left join dropped_result as c
      on c.pupil_id = d.pupil_id
      and c.term_no = d.term_no
      and c.subject = d.subject
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
  decided as not materialized (
    select
      *,
      case
        when slow or dropped then progressed('too_little')
        when slow_is_known then progressed('enough')
        else progressed('not_known')
      end as progress_status,
      case
        when attainment_status = 'below' or slow or dropped or off_target
          then stands('underachieving')
        when attainment_status = 'at_expectation' then stands('on_track')
        when own_steps and (slow_is_known or on_target) then stands('on_track')
        when attainment_status = 'not_assessed' then stands('not_assessed')
        else stands('not_comparable')
      end as status,
      case
        when own_steps then banded('own_steps')
        when attainment_status = 'at_expectation' and at_higher then banded('higher')
        when attainment_status = 'at_expectation' then banded('expected')
        when attainment_status = 'below' then banded('below')
        when attainment_status = 'not_assessed' then banded('not_assessed')
        else banded('not_comparable')
      end as band
    from reasoned
  ),
  comparable as not materialized (
    select
      pupil_id, subject, term_no, measure_no, band,
      status = 'underachieving' as underachieving
    from decided
    where status in ('underachieving', 'on_track')
      and term_no < getvariable('last_term_no')
      and getvariable('first_term_no') < getvariable('last_term_no')
    union all
    select
      t.pupil_id,
      t.subject,
      t.term_no,
      2 * s.scale_no + case when t.assessment_kind = 'test' then 1 else 0 end as measure_no,
      t.band,
      t.status = 'underachieving' as underachieving
    from progress.decision as t
    join reference.scale as s
      on s.scale = t.scale
    where t.status in ('underachieving', 'on_track')
      and t.term_no between getvariable('first_term_no') - 3 and getvariable('first_term_no') - 1
      and t.pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
  ),
  last_told as not materialized (
    select *
    from comparable
    where term_no between getvariable('first_term_no') - 1 and getvariable('last_term_no') - 1
  ),
  -- of the few of whom the last term tells nothing, the latest of the two before it
  untold as materialized (
    select e.pupil_id, d.subject, e.term_no
    from on_roll as e
    join reference.due as d
      on d.year_group = e.year_group
      and d.term = e.term
    anti join last_told as l
      on l.pupil_id = e.pupil_id
      and l.subject = d.subject
      and l.term_no = e.term_no - 1
  ),
  told_before as (
    select
      k.pupil_id,
      k.subject,
      u.term_no as for_term_no,
      arg_max(k.underachieving, k.term_no) as underachieving,
      arg_max(k.measure_no, k.term_no) as measure_no,
      arg_max(k.band, k.term_no) as band,
      max(k.term_no) as term_no
    from comparable as k
    join untold as u
      on u.pupil_id = k.pupil_id
      and u.subject = k.subject
      and k.term_no between u.term_no - 3 and u.term_no - 2
    group by k.pupil_id, k.subject, u.term_no
  ),
  earlier as (
    select pupil_id, subject, term_no + 1 as for_term_no, underachieving, measure_no, band, term_no
    from last_told
    union all
    select pupil_id, subject, for_term_no, underachieving, measure_no, band, term_no
    from told_before
  ),
  followed as (
    select
      d.*,
      k.underachieving as was_underachieving,
      k.measure_no as earlier_measure_no,
      k.band as earlier_band,
      k.term_no as earlier_term_no
    from decided as d
    left join earlier as k
      on k.pupil_id = d.pupil_id
      and k.subject = d.subject
      and k.for_term_no = d.term_no
  ),
  differing as (
    select a.pupil_id, a.term_no, a.subject
    from progress.attainment as a
    join several_results as m
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
  s.term_no,
  s.year_group,
  s.class_no,
  s.subject,
  s.scale,
  s.assessment_kind,
  s.status,
  s.attainment_status,
  s.progress_status,
  case
    when s.status not in ('underachieving', 'on_track')
      then case when s.was_underachieving then changed('not_seen') else changed('no_result') end
    when s.earlier_term_no is null then changed('first_seen')
    when s.earlier_measure_no <> s.measure_no then changed('scale_changed')
    when s.status = 'underachieving'
      then case when s.was_underachieving then changed('continuing') else changed('new') end
    when s.was_underachieving then changed('recovered')
    else changed('on_track')
  end as change,
  s.at_higher,
  s.band,
  case
    when s.status in ('underachieving', 'on_track')
      and s.earlier_measure_no <> s.measure_no
      then banded('other_measure')
    else s.earlier_band
  end as earlier_band,
  s.earlier_term_no,
  f.pupil_id is not null as assessments_differ,
  s.new_to_school,
  s.new_to_school and s.low_english as new_to_english,
  s.off_target,
  case when s.slow then s.base_term_no end as slow_since_term_no,
  case when s.dropped then s.fell_from_term_no end as dropped_from_term_no
from followed as s
left join differing as f
  on f.pupil_id = s.pupil_id
  and f.term_no = s.term_no
  and f.subject = s.subject
