-- one row is a loaded row with its pupil; `matched_upn` is empty where the row has no usable UPN
select
  k.pupil_id,
  k.upn as matched_upn,
  r.*
from core.loaded_row as r
join core.pupil_key as k
  on k.school_id = r.school_id
  and k.upn = case when r.upn_kind in ('permanent', 'temporary') then r.upn else '' end
  and k.admission_number = coalesce(r.admission_number, '')
