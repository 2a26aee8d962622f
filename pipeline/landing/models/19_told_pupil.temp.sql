-- one row is what the rows of a file say of a pupil in a school and term, with the pupil; rows that
-- may be of two pupils are left out
select
  r.pupil_id,
  t.school_id,
  t.term_no,
  t.standing,
  t.key_upn,
  t.last_item
from told as t
join pupil_of_row as r
  on r.file_id = t.file_id
  and r.line = t.first_item // 10000 % 100000000
  and r.item = t.first_item % 10000
