-- one row is what loaded rows say of a pupil, with the pupil; those that may be two's are left out
-- `matched_upn` is empty where there is no usable UPN.
select
  k.pupil_id,
  k.upn as matched_upn,
  r.* exclude (key_upn, key_number, key_term_no, key_name)
from core.loaded_pupil as r
join core.pupil_key as k
  on k.school_id = r.school_id
  and k.upn = r.key_upn
  and k.admission_number = r.key_number
  and k.term_no = r.key_term_no
  and k.name_key = r.key_name
left join core.set_aside_row as s
  on s.file_id = r.file_id
  and s.line = r.line
where k.pupil_id is not null
  and s.file_id is null
