-- one row is a deciding result as a level in a series of results that are one measure
select
  c.pupil_id,
  c.term_no,
  c.subject,
  v.* exclude (term),
  case
    when c.target_points is null or v.term <> coalesce(c.target_term, 'summer') then null
    when v.points is not null then v.points >= c.target_points
    when v.attainment_status = 'below' then false
  end as on_target
from progress.comparison as c
join level as v
  on v.judgement_no = c.judgement_no
where c.decides
  and c.seen
