-- one row is two pupils found to be one: known apart at first, or under a temporary and then a
-- permanent UPN
-- only where: select 1 from number_alone
-- only where: select 1 from replaced_upn
with
  numbers_joined as (
    select
      one.pupil_id,
      one.first_seen as first_of_one,
      other.first_seen as first_of_other,
      'a later file gives the UPN and the admission number together' as reason
    from (
      select pupil_id, school_id, admission_number, min(first_seen) as first_seen
      from core.pupil_key
      where upn = ''
        and admission_number <> ''
        and pupil_id is not null
      group by pupil_id, school_id, admission_number
    ) as one
    join (
      select pupil_id, school_id, admission_number, upn, min(first_seen) as first_seen
      from core.pupil_key
      where upn <> ''
      group by pupil_id, school_id, admission_number, upn
    ) as joined
      on joined.pupil_id = one.pupil_id
      and joined.school_id = one.school_id
      and joined.admission_number = one.admission_number
    join (
      select pupil_id, upn, min(first_seen) as first_seen
      from core.pupil_key
      where upn <> ''
      group by pupil_id, upn
    ) as other
      on other.pupil_id = one.pupil_id
      and other.upn = joined.upn
    where joined.first_seen // 100000000
      > greatest(one.first_seen // 100000000, other.first_seen // 100000000)
  ),
  several_upns as (
    select pupil_id
    from core.pupil_key
    where upn <> ''
    group by pupil_id
    having min(upn) <> max(upn)
  ),
  upns as (
    select k.pupil_id, k.upn, min(k.first_seen) as first_seen
    from core.pupil_key as k
    join several_upns as s
      on s.pupil_id = k.pupil_id
    where k.upn <> ''
    group by k.pupil_id, k.upn
  ),
  told_former as (
    select upn, former_upn, min(file_id) as file_id
    from core.loaded_pupil
    where former_upn is not null
      and upn_kind in ('permanent', 'temporary')
    group by upn, former_upn
  ),
  upns_joined as (
    select
      one.pupil_id,
      one.first_seen as first_of_one,
      other.first_seen as first_of_other,
      'a later file gives the former UPN' as reason
    from told_former as f
    join upns as one
      on one.upn = f.former_upn
    join upns as other
      on other.upn = f.upn
      and other.pupil_id = one.pupil_id
    where f.file_id > greatest(one.first_seen // 100000000, other.first_seen // 100000000)
  ),
  made_permanent as (
    select
      one.pupil_id,
      one.first_seen as first_of_one,
      other.first_seen as first_of_other,
      'the admission number of a temporary UPN came with a permanent one' as reason
    from upns as one
    join upns as other
      on other.pupil_id = one.pupil_id
      and right(other.upn, 1) < 'A'
    join core.pupil_key as t
      on t.upn = one.upn
      and t.admission_number <> ''
    join core.pupil_key as p
      on p.upn = other.upn
      and p.school_id = t.school_id
      and p.admission_number = t.admission_number
    left join told_former as f
      on f.former_upn = one.upn
    where right(one.upn, 1) >= 'A'
      and f.former_upn is null
  ),
  joined as (
    select *
    from numbers_joined
    union all
    select *
    from upns_joined
    union all
    select *
    from made_permanent
  )
select
  old_pupil_id,
  min(pupil_id) as kept_pupil_id,
  min(reason) as reason
from (
  select first_of_one as old_pupil_id, pupil_id, reason
  from joined
  union all
  select first_of_other, pupil_id, reason
  from joined
)
where old_pupil_id <> pupil_id
group by old_pupil_id
