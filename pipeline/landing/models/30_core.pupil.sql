-- one row is a pupil, with the latest that is known; a blank never replaces what is known
-- Of several UPNs it is the latest permanent one. The age of a fact is its term (5940 is autumn
-- 1980, the first there is), then the sort of its file, then its place, in one number.
with
  told_of as (
    select
      pupil_id,
      count(*) as times,
      max(key_upn) filter (where key_upn <> '') as upn,
      max(last_item) as last_item
    from told_pupil
    group by pupil_id
  ),
  facts as (
    select
      t.pupil_id,
      o.upn,
      r.surname,
      r.forename,
      r.date_of_birth,
      r.sex,
      cast(4 * (t.term_no - 5940) + t.standing as bigint) * 1000000000000000
        + (t.last_item + 9999) // 10000 as age_of_fact
    from told_pupil as t
    join told_of as o
      on o.pupil_id = t.pupil_id
    join landing.export_pupil as r
      on r.file_id = (t.last_item + 9999) // 10000 // 100000000
      and r.line = (t.last_item + 9999) // 10000 % 100000000
      and r.item = (t.last_item + 9999) // 10000 * 10000 - t.last_item
    where o.times > 1
  ),
  known as (
    select o.pupil_id, o.upn, r.surname, r.forename, r.date_of_birth, r.sex
    from told_of as o
    join landing.export_pupil as r
      on r.file_id = (o.last_item + 9999) // 10000 // 100000000
      and r.line = (o.last_item + 9999) // 10000 % 100000000
      and r.item = (o.last_item + 9999) // 10000 * 10000 - o.last_item
    where o.times = 1
    union all
    select
      pupil_id,
      max(upn),
      arg_max(surname, age_of_fact) filter (where surname is not null),
      arg_max(forename, age_of_fact) filter (where forename is not null),
      arg_max(date_of_birth, age_of_fact) filter (where date_of_birth is not null),
      arg_max(sex, age_of_fact) filter (where sex is not null)
    from facts
    group by pupil_id
  ),
  several_upns as (
    select k.pupil_id
    from core.pupil_key as k
    join (
      select distinct k.pupil_id
      from replaced_upn as r
      join core.pupil_key as k
        on k.upn = r.upn
    ) as s
      on s.pupil_id = k.pupil_id
    where k.upn <> ''
    group by k.pupil_id
    having min(k.upn) <> max(k.upn)
  ),
  latest_upn as (
    select u.pupil_id, arg_max(u.upn, row(right(u.upn, 1) < 'A', t.term_no, t.last_item)) as upn
    from (
      select distinct k.pupil_id, k.upn
      from core.pupil_key as k
      join several_upns as s
        on s.pupil_id = k.pupil_id
      where k.upn <> ''
    ) as u
    join told as t
      on t.key_upn = u.upn
    group by u.pupil_id
  )
select
  k.pupil_id,
  coalesce(u.upn, k.upn) as upn,
  k.surname,
  k.forename,
  k.date_of_birth,
  k.sex
from known as k
left join latest_upn as u
  on u.pupil_id = k.pupil_id
