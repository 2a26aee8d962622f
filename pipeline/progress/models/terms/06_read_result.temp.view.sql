-- one row is a result of the terms that are flagged, with what its school means by the scale
-- A mark without a named paper has the norm of its own school (`norm_school`).
select
  r.*,
  s.kind as scale_kind,
  coalesce(m.meaning, s.meaning, 'this_point_in_year') as meaning,
  case when s.kind = 'cohort' and r.assessment = '' then r.school_id else 0 end as norm_school
from placed_result as r
join reference.scale as s
  on s.scale = r.scale
left join reference.school_meaning as m
  on m.school_id = r.school_id
  and m.scale = r.scale
