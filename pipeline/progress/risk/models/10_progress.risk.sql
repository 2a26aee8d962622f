-- one row is a pupil and subject due in the term: the risk of being below at the next summer
-- From earlier pupils where there are enough (told_risk), else from the error of the test alone: the
-- probability that true attainment is under what is expected now. Pupils on their own steps have
-- none.
select
  t.pupil_id,
  t.school_id,
  t.academic_year,
  t.term,
  t.term_no,
  t.year_group,
  t.subject,
  case
    when t.own_steps then null
    else coalesce(h.risk, normal_cdf(a.errors_under))
  end as risk,
  case
    when t.own_steps then 'not_known'
    when h.risk is not null then 'history'
    when a.errors_under is not null then 'sem'
    else 'not_known'
  end as basis,
  h.pupils as earlier_pupils
from told_risk as h
join progress.status as t
  on t.pupil_id = h.pupil_id
  and t.term_no = h.term_no
  and t.subject = h.subject
left join result_under_line as a
  on a.pupil_id = t.pupil_id
  and a.term_no = t.term_no
  and a.subject = t.subject
  and a.seen
  and t.attainment_status in ('below', 'at_expectation')
