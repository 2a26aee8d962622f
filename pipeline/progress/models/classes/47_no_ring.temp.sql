-- one row is a year group and subject of which less than half is known even so
select y.school_id, y.term_no, y.year_group, y.subject
from mostly_unknown as y
left join (
  select school_id, term_no, year_group, subject, count(*) as pupils
  from carried
  group by school_id, term_no, year_group, subject
) as c
  on c.school_id = y.school_id
  and c.term_no = y.term_no
  and c.year_group = y.year_group
  and c.subject = y.subject
where (y.known + coalesce(c.pupils, 0)) * 2 < y.pupils
