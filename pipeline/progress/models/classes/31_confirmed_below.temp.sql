-- one row is a pupil, term and subject whose deciding result another one bears out: it is below too
-- Few results stand beside one that decides, so they are found first.
with beside as materialized (
  select pupil_id, term_no, subject, scale, assessment_kind, assessment
  from progress.attainment
  where not decides
    and seen
    and attainment_status = 'below'
    and term_no between getvariable('first_term_no') and getvariable('last_term_no')
)
select distinct b.pupil_id, b.term_no, b.subject
from beside as b
join progress.attainment as a
  on a.pupil_id = b.pupil_id
  and a.term_no = b.term_no
  and a.subject = b.subject
where a.decides
  and (
    b.scale <> a.scale
    or b.assessment_kind <> a.assessment_kind
    or b.assessment <> a.assessment
  )
