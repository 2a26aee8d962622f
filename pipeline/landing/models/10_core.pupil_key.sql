-- one row is a way in which rows name a pupil: school, UPN and admission number
-- A pupil is one UPN, and the former UPNs that a row gives beside it (over two changes at most);
-- rows without a UPN belong to the UPN first seen with their school and admission number, else they
-- are a pupil of their own. The number of a pupil is the place where the pupil first appears, so it
-- depends on the files and on nothing else.
with
  named as (
    select
      school_id,
      case when upn_kind in ('permanent', 'temporary') then upn else '' end as upn,
      coalesce(admission_number, '') as admission_number,
      min(cast(file_id as bigint) * 100000000 + line) as first_seen
    from core.loaded_row
    group by all
  ),
  changed as (
    select
      former_upn,
      upn,
      min(cast(file_id as bigint) * 100000000 + line) as first_seen
    from core.loaded_row
    where upn_kind in ('permanent', 'temporary')
      and upn_kind(former_upn) in ('permanent', 'temporary')
      and former_upn <> upn
    group by former_upn, upn
  ),
  followed_by as (
    select former_upn, upn
    from (
      select
        c.*,
        row_number() over (partition by c.former_upn order by c.first_seen) as place
      from changed as c
      left join changed as back
        on back.former_upn = c.upn
        and back.upn = c.former_upn
      where back.upn is null
    )
    where place = 1
  ),
  present_upn as (
    select n.upn, coalesce(twice.upn, once.upn, n.upn) as present
    from (select distinct upn from named where upn <> '') as n
    left join followed_by as once
      on once.former_upn = n.upn
    left join followed_by as twice
      on twice.former_upn = once.upn
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
      coalesce(p.present, n.school_id || ' ' || n.admission_number) as pupil
    from named as n
    left join upn_of_number as u
      on u.school_id = n.school_id
      and u.admission_number = n.admission_number
      and n.upn = ''
    left join present_upn as p
      on p.upn = case when n.upn <> '' then n.upn else u.upn end
  )
select
  school_id,
  upn,
  admission_number,
  min(first_seen) over (partition by pupil) as pupil_id
from belonging
