-- one row is a pupil, term and subject due, with what risk is learnt from: the result that decides
-- Whether a pupil is below is that of the status, so that pupils on their own steps teach nothing.
-- A mark without a named paper is comparable only within its own school.
select
  t.pupil_id,
  t.school_id,
  t.term_no,
  t.year_group,
  t.subject,
  a.scale || '/' || a.assessment_kind
  || case
    when s.kind = 'cohort' and a.assessment = '' then '/' || a.school_id
    else ''
  end as scale,
  a.points as score,
  case t.attainment_status when 'below' then true when 'at_expectation' then false end as below
from progress.status as t
left join progress.attainment as a
  on a.pupil_id = t.pupil_id
  and a.term_no = t.term_no
  and a.subject = t.subject
  and a.decides
  and a.seen
left join reference.scale as s
  on s.scale = a.scale
where t.term_no <= $term_no
