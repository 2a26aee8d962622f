-- one row is two pupils found to be one: known apart at first, a later file joined them
with
  seen as (
    select
      pupil_id,
      matched_upn as upn,
      case when matched_upn = '' then school_id end as school_id,
      case when matched_upn = '' then admission_number end
        as admission_number,
      min(cast(file_id as bigint) * 100000000 + line) as first_seen,
      min(file_id) as first_file
    from core.identified_row
    group by all
  ),
  joined_in as (
    select school_id, admission_number, upn, min(file_id) as file_id
    from landing.export_row
    where upn_kind in ('permanent', 'temporary')
      and admission_number is not null
    group by all
  )
select
  greatest(n.first_seen, u.first_seen) as old_pupil_id,
  least(n.first_seen, u.first_seen) as kept_pupil_id,
  'a later file gives the UPN and the admission number together' as reason
from seen as n
join joined_in as j
  on j.school_id = n.school_id
  and j.admission_number = n.admission_number
join seen as u
  on u.upn = j.upn
  and u.pupil_id = n.pupil_id
where n.upn = ''
  and j.file_id > greatest(n.first_file, u.first_file)
