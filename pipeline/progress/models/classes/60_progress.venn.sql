-- one row is a pupil on roll in a term: where the pupil stands in the Venn diagram
-- The rings in which a pupil stands are first counted as a number, a bit each.
with
  rings as (
    select subject, 1 << (row_number() over (order by position) - 1) as bit
    from reference.subject
    where in_venn
  ),
  standing as (
    select
      v.pupil_id,
      v.term_no,
      count(*) filter (where v.ring) as rings,
      count(v.on_track) filter (where v.ring) as subjects_known,
      count(*) filter (where v.ring and v.on_track) as subjects_on_track,
      coalesce(bit_or(r.bit) filter (where v.ring and v.on_track), 0) as bits,
      bool_or(v.ring and coalesce(v.from_term_no < v.term_no, false)) as carried
    from progress.venn_subject as v
    join rings as r
      on r.subject = v.subject
    where v.term_no between getvariable('first_term_no') and getvariable('last_term_no')
    group by v.pupil_id, v.term_no
  ),
  regions as (
    select b.bits, string_agg(r.subject, '+' order by r.bit) as region
    from (
      select distinct bits
      from standing
    ) as b
    join rings as r
      on b.bits & r.bit > 0
    group by b.bits
  )
select
  e.pupil_id,
  e.school_id,
  e.academic_year,
  e.term,
  e.term_no,
  e.year_group,
  e.class_name,
  e.team,
  s.rings,
  s.subjects_known,
  s.subjects_on_track,
  s.carried,
  case
    when s.rings >= 2 and s.subjects_known = s.rings then coalesce(r.region, 'none')
  end as region
from standing as s
join core.enrolment as e
  on e.pupil_id = s.pupil_id
  and e.term_no = s.term_no
  and e.on_roll
left join regions as r
  on r.bits = s.bits
