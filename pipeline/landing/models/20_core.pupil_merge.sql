-- one row is two pupils found to be one: known apart at first, a later file joined them
with
  known as (
    select
      pupil_id,
      matched_upn as upn,
      case when matched_upn = '' then school_id end as school_id,
      case when matched_upn = '' then admission_number end as admission_number,
      min(cast(file_id as bigint) * 100000000 + line) as first_seen,
      min(file_id) as first_file
    from core.identified_row
    group by all
  ),
  numbers_joined as (
    select school_id, admission_number, matched_upn as upn, min(file_id) as file_id
    from core.identified_row
    where matched_upn <> ''
      and admission_number is not null
    group by all
  ),
  upns_joined as (
    select former_upn, matched_upn as upn, min(file_id) as file_id
    from core.identified_row
    where matched_upn <> ''
      and former_upn is not null
    group by all
  ),
  joined_later as (
    select
      one.pupil_id,
      one.first_seen as first_of_one,
      other.first_seen as first_of_other,
      'a later file gives the UPN and the admission number together' as reason
    from known as one
    join numbers_joined as j
      on j.school_id = one.school_id
      and j.admission_number = one.admission_number
    join known as other
      on other.upn = j.upn
      and other.pupil_id = one.pupil_id
    where one.upn = ''
      and j.file_id > greatest(one.first_file, other.first_file)
    union all
    select
      one.pupil_id,
      one.first_seen,
      other.first_seen,
      'a later file gives the former UPN' as reason
    from known as one
    join upns_joined as j
      on j.former_upn = one.upn
    join known as other
      on other.upn = j.upn
      and other.pupil_id = one.pupil_id
    where j.file_id > greatest(one.first_file, other.first_file)
  )
select
  old_pupil_id,
  min(pupil_id) as kept_pupil_id,
  min(reason) as reason
from (
  select first_of_one as old_pupil_id, pupil_id, reason
  from joined_later
  union all
  select first_of_other, pupil_id, reason
  from joined_later
)
where old_pupil_id <> pupil_id
group by old_pupil_id
