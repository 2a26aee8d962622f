-- one row is something a reader of the flags of a school, term and year group must know
-- most_below: more than the share in the settings is below on a ladder that the school may mean as
-- a standard for the end of the key stage, because the settings do not say what it means.
select
  t.school_id,
  w.academic_year,
  w.term,
  t.term_no,
  t.year_group,
  t.subject,
  t.scale,
  'most_below' as caution_code,
  count(*) filter (where t.attainment_status = 'below') as pupils,
  count(*) as of_pupils
from status_now as t
join reference.term as w
  on w.term_no = t.term_no
join reference.scale as s
  on s.scale = t.scale
  and s.kind = 'ladder'
left join reference.school_meaning as m
  on m.school_id = t.school_id
  and m.scale = t.scale
where t.attainment_status in ('below', 'at_expectation')
  and m.school_id is null
group by t.school_id, w.academic_year, w.term, t.term_no, t.year_group, t.subject, t.scale
having count(*) filter (where t.attainment_status = 'below') > count(*) * (
  select number from reference.setting where name = 'most_below_share'
)
