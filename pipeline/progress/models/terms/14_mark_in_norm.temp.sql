-- one row is a mark that somebody has, with its place in the norm
-- A mark outside a kept norm is in it too: nobody, or everybody, is under it.
-- only where: select 1 from outcome_sent where scale_kind = 'cohort'
with marks as (
  select distinct
    academic_year,
    term,
    scale,
    lower(assessment) as paper,
    subject,
    year_group,
    norm_school,
    try_cast(outcome as double) as mark
  from outcome_sent
  where scale_kind = 'cohort'
    and outcome_on_scale
)
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
where m.mark is not null
group by all
