-- one row is what the rows of a file say of a pupil in a school and term, with the pupil; rows that
-- may be of two pupils are left out
select
  k.pupil_id,
  t.school_id,
  t.term_no,
  t.standing,
  t.key_upn,
  t.last_item
from told as t
join core.pupil_key as k
  on k.school_id = t.school_id
  and k.upn = t.key_upn
  and k.admission_number = t.key_number
  and k.term_no = t.key_term_no
  and k.name_key = t.key_name
left join (select distinct file_id, line from core.set_aside_row) as s
  on s.file_id = t.file_id
  and s.line = t.first_place % 100000000
where k.pupil_id is not null
  and s.file_id is null
