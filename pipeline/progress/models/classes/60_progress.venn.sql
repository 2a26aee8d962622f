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
      any_value(v.school_id) as school_id,
      any_value(v.academic_year) as academic_year,
      any_value(v.term) as term,
      any_value(v.year_group) as year_group,
      any_value(v.class_name) as class_name,
      any_value(v.team) as team,
      count(*) filter (where v.ring) as rings,
      count(v.on_track) filter (where v.ring) as subjects_known,
      count(*) filter (where v.ring and v.on_track) as subjects_on_track,
      coalesce(sum(r.bit) filter (where v.ring and v.on_track), 0) as bits,
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
      select distinct cast(bits as bigint) as bits
      from standing
    ) as b
    join rings as r
      on b.bits & r.bit > 0
    group by b.bits
  )
select
  s.* exclude (bits),
  case
    when s.rings >= 2 and s.subjects_known = s.rings then coalesce(r.region, 'none')
  end as region
from standing as s
left join regions as r
  on r.bits = s.bits
