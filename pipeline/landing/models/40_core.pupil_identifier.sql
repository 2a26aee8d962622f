-- one row is an identifier that a pupil has had
with
  told as (
    select
      r.pupil_id,
      r.school_id,
      r.file_id,
      r.upn,
      r.upn_kind,
      r.upn_check_letter_fits,
      r.former_upn,
      r.admission_number
    from core.identified_row as r
  ),
  identifiers as (
    select
      pupil_id,
      school_id,
      file_id,
      case when upn_kind = 'temporary' then 'temporary_upn' else 'upn' end as kind,
      upn as value,
      coalesce(upn_check_letter_fits, false) as valid
    from told
    union all
    select
      pupil_id,
      school_id,
      file_id,
      'former_upn' as kind,
      former_upn as value,
      coalesce(upn_check_letter_fits(former_upn), false) as valid
    from told
    union all
    select
      pupil_id,
      school_id,
      file_id,
      'admission_number' as kind,
      admission_number as value,
      true as valid
    from told
  )
select
  pupil_id,
  kind,
  value,
  school_id,
  min(file_id) as first_file_id,
  bool_and(valid) as valid
from identifiers
where value is not null
group by pupil_id, kind, value, school_id
