-- one row is a measure in a group beside the other pupils: by how much their shares differ
-- The interval is Newcombe's hybrid score interval of a difference of two independent proportions
-- without continuity correction, from the Wilson intervals (l, u) of both (method 10 of R. G.
-- Newcombe 1998, Statistics in Medicine 17, 873-890):
-- d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²).
with
  sides as (
    select
      school_id,
      academic_year,
      term,
      term_no,
      subject,
      measure,
      grouped_by,
      max(known) filter (where group_value in ('yes', 'F')) as known,
      max(share) filter (where group_value in ('yes', 'F')) as p1,
      max(lowest) filter (where group_value in ('yes', 'F')) as l1,
      max(highest) filter (where group_value in ('yes', 'F')) as u1,
      max(known) filter (where group_value in ('no', 'M')) as other_known,
      max(share) filter (where group_value in ('no', 'M')) as p2,
      max(lowest) filter (where group_value in ('no', 'M')) as l2,
      max(highest) filter (where group_value in ('no', 'M')) as u2
    from progress.pattern
    where grouped_by in ('pupil_premium', 'sen', 'eal', 'sex')
    group by school_id, academic_year, term, term_no, subject, measure, grouped_by
  )
select
  school_id,
  academic_year,
  term,
  term_no,
  subject,
  measure,
  grouped_by,
  known,
  other_known,
  p1 - p2 as difference,
  p1 - p2 - sqrt((p1 - l1) * (p1 - l1) + (u2 - p2) * (u2 - p2)) as lowest,
  p1 - p2 + sqrt((u1 - p1) * (u1 - p1) + (p2 - l2) * (p2 - l2)) as highest
from sides
where known is not null
  and other_known is not null
