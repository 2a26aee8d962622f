-- one row is a pupil and subject of such a year group, with the latest status of the last two terms
select
  p.pupil_id,
  p.school_id,
  p.term_no,
  p.year_group,
  p.subject,
  arg_max(k.on_track, k.term_no) as on_track,
  max(k.term_no) as from_term_no
from venn_pupil as p
join mostly_unknown as y
  on y.school_id = p.school_id
  and y.term_no = p.term_no
  and y.year_group = p.year_group
  and y.subject = p.subject
join in_venn as k
  on k.pupil_id = p.pupil_id
  and k.subject = p.subject
  and k.term_no between p.term_no - 2 and p.term_no - 1
where p.on_track is null
  and k.on_track is not null
group by p.pupil_id, p.school_id, p.term_no, p.year_group, p.subject
