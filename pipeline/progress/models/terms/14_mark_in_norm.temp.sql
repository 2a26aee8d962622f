-- one row is a mark that somebody has, with its place in the norm
-- A mark outside a kept norm is in it too: nobody, or everybody, is under it.
-- only where: select 1 from core.result as r join reference.scale as s on s.scale = r.scale where s.kind = 'cohort' and r.term_no between getvariable('first_term_no') and getvariable('last_term_no')
with marks as (
  select distinct
    r.academic_year,
    r.term,
    r.scale,
    r.paper,
    r.subject,
    r.year_group,
    case when r.paper = '' then r.school_id else 0 end as norm_school,
    try_cast(r.outcome as double) as score
  from placed_result as r
  join reference.scale as s
    on s.scale = r.scale
    and s.kind = 'cohort'
  where r.outcome_on_scale
)
select
  m.academic_year,
  m.term,
  m.scale,
  m.paper,
  m.subject,
  m.year_group,
  m.norm_school,
  m.score,
  max(n.norm_pupils) as norm_pupils,
  sum(case when n.mark < m.score then n.pupils_at_mark else 0 end) as pupils_below,
  sum(case when n.mark = m.score then n.pupils_at_mark else 0 end) as pupils_at_mark
from marks as m
join progress.norm as n
  on n.academic_year = m.academic_year
  and n.term = m.term
  and n.scale = m.scale
  and n.assessment = m.paper
  and n.subject = m.subject
  and n.year_group = m.year_group
  and n.school_id = m.norm_school
where m.score is not null
group by
  m.academic_year, m.term, m.scale, m.paper, m.subject, m.year_group, m.norm_school, m.score
