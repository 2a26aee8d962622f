-- one row is an identifier that a pupil has had
with
  identifiers as (
    select
      pupil_id,
      school_id,
      cast(first_seen // 100000000 as integer) as file_id,
      case when right(upn, 1) >= 'A' then 'temporary_upn' else 'upn' end as kind,
      upn as value
    from core.pupil_key
    where upn <> ''
      and pupil_id is not null
    union all
    select
      pupil_id,
      school_id,
      cast(first_seen // 100000000 as integer),
      'admission_number',
      admission_number
    from core.pupil_key
    where admission_number <> ''
      and pupil_id is not null
    union all
    select pupil_id, school_id, file_id, 'upn', upn
    from core.identified_pupil
    where upn_kind = 'invalid'
    union all
    select pupil_id, school_id, file_id, 'former_upn', former_upn
    from core.identified_pupil
    where former_upn is not null
  ),
  first_told as (
    select
      pupil_id,
      kind,
      value,
      school_id,
      min(file_id) as first_file_id,
      case when kind <> 'admission_number' then try_cast(substr(value, 2, 11) as bigint) end
        as upn_number
    from identifiers
    group by pupil_id, kind, value, school_id
  )
select
  pupil_id,
  kind,
  value,
  school_id,
  first_file_id,
  case
    when kind = 'admission_number' then true
    else coalesce(upn_number_fits(value, upn_number), false)
  end as valid
from first_told
