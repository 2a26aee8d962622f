-- one row is a way in which rows name a pupil; rows that may be either of two children's are left out
select
  t.school_id,
  t.key_upn as upn,
  t.key_number as admission_number,
  t.key_term_no as term_no,
  t.key_name as name_key,
  min(t.first_item) // 10000 as first_seen
from told as t
left join (select distinct file_id, line from core.shared_upn_row) as s
  on s.file_id = t.file_id
  and s.line = t.first_item // 10000 % 100000000
where s.file_id is null
group by all
