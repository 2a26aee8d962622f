-- one row is a year group and subject of which less than half is known in the term
select
  school_id, term_no, year_group, subject,
  count(*) as pupils,
  count(on_track) as known
from venn_pupil
group by school_id, term_no, year_group, subject
having count(on_track) * 2 < count(*)
