-- one row is an outcome on a scale of raw marks, in a term, paper and year group, with its place in the
-- norm; of a mark without a named paper also in a school, whose own norm it has
-- A mark outside a kept norm is in it too: nobody, or everybody, is under it. What is no mark, or has no
-- norm, has no place.
-- only where: select 1 from core.result as r join reference.scale as s on s.scale = r.scale where s.kind = 'cohort' and r.term_no between getvariable('first_term_no') and getvariable('last_term_no')
with
  outcomes as (
    select distinct
      r.academic_year,
      r.term,
      r.term_no,
      r.scale,
      r.assessment,
      r.paper,
      r.subject,
      r.year_group,
      r.assessment_kind,
      r.outcome,
      r.outcome_on_scale,
      case when r.paper = '' then r.school_id else 0 end as norm_school,
      case when r.outcome_on_scale then try_cast(r.outcome as double) end as mark
    from placed_result as r
    join reference.scale as s
      on s.scale = r.scale
      and s.kind = 'cohort'
  ),
  marks as (
    select distinct academic_year, term, scale, paper, subject, year_group, norm_school, mark
    from outcomes
    where mark is not null
  ),
  placed as (
    select
      m.*,
      max(n.norm_pupils) as norm_pupils,
      sum(case when n.mark < m.mark then n.pupils_at_mark else 0 end) as pupils_below,
      sum(case when n.mark = m.mark then n.pupils_at_mark else 0 end) as pupils_at_mark
    from marks as m
    join progress.norm as n
      on n.academic_year = m.academic_year
      and n.term = m.term
      and n.scale = m.scale
      and n.assessment = m.paper
      and n.subject = m.subject
      and n.year_group = m.year_group
      and n.school_id = m.norm_school
    group by all
  )
select o.*, p.norm_pupils, p.pupils_below, p.pupils_at_mark
from outcomes as o
left join placed as p
  on p.academic_year = o.academic_year
  and p.term = o.term
  and p.scale = o.scale
  and p.paper = o.paper
  and p.subject = o.subject
  and p.year_group = o.year_group
  and p.norm_school = o.norm_school
  and p.mark = o.mark
