-- one row is a pupil, term and subject of the Venn diagram, with the status it uses
-- A subject that is not due, or not known for over half of a year group, uses the latest status of
-- the last two terms; where that too leaves over half unknown, the year group has no such ring.
select
  p.* exclude (year_group, on_track),
  coalesce(p.on_track, c.on_track) as on_track,
  case when p.on_track is not null then p.term_no else c.from_term_no end as from_term_no,
  u.school_id is null as ring
from venn_pupil as p
left join carried as c
  on c.pupil_id = p.pupil_id
  and c.term_no = p.term_no
  and c.subject = p.subject
left join no_ring as u
  on u.school_id = p.school_id
  and u.term_no = p.term_no
  and u.year_group = p.year_group
  and u.subject = p.subject
