-- one row is a way in which rows name a pupil: school, UPN and admission number
-- A pupil is one UPN; rows without a UPN belong to the UPN first seen with their school and
-- admission number, else they are a pupil of their own. The number of a pupil is the place where
-- the pupil first appears, so it depends on the files and on nothing else.
with
  named as (
    select
      school_id,
      case when upn_kind in ('permanent', 'temporary') then upn else '' end as upn,
      coalesce(admission_number, '') as admission_number,
      min(cast(file_id as bigint) * 100000000 + line) as first_seen
    from landing.export_row
    group by all
  ),
  upn_of_number as (
    select school_id, admission_number, upn
    from (
      select
        *,
        row_number() over (
          partition by school_id, admission_number
          order by first_seen
        ) as place
      from named
      where upn <> ''
        and admission_number <> ''
    )
    where place = 1
  ),
  belonging as (
    select
      n.school_id,
      n.upn,
      n.admission_number,
      n.first_seen,
      case
        when n.upn <> '' then n.upn
        when u.upn is not null then u.upn
        else n.school_id || ' ' || n.admission_number
      end as pupil
    from named as n
    left join upn_of_number as u
      on u.school_id = n.school_id
      and u.admission_number = n.admission_number
      and n.upn = ''
  )
select
  school_id,
  upn,
  admission_number,
  min(first_seen) over (partition by pupil) as pupil_id
from belonging
