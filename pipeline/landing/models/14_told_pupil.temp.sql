-- one row is what the rows of a file say of a pupil in a school and term, with the pupil; null where
-- the rows may be of two pupils
select
  case when s.file_id is null then k.pupil_id end as pupil_id,
  t.file_id,
  t.school_id,
  t.term_no,
  t.kind,
  t.key_upn,
  t.surname,
  t.forename,
  t.date_of_birth,
  t.sex,
  t.last_item,
  (t.last_item + 9999) // 10000 as last_place,
  cast(
    case t.kind
      when 'roll' then 3 when 'pupils' then 2 when 'results' then 1 when 'seen' then 1 else 0
    end as bigint
  ) as standing
from told as t
left join core.pupil_key as k
  on k.school_id = t.school_id
  and k.upn = t.key_upn
  and k.admission_number = t.key_number
  and k.term_no = t.key_term_no
  and k.name_key = t.key_name
left join (select distinct file_id, line from core.set_aside_row) as s
  on s.file_id = t.file_id
  and s.line = t.first_place % 100000000
