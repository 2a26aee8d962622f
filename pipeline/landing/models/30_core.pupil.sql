-- one row is a pupil, with the latest that is known; a blank never replaces what is known
-- Of several UPNs it is the latest permanent one. The age of a fact is its term (5940 is autumn
-- 1980, the first there is), then the sort of its file, then its place, in one number.
with
  facts as (
    select
      *,
      (4 * (term_no - 5940) + standing) * 1000000000000000 + last_place as age_of_fact
    from told_pupil
    where pupil_id is not null
  ),
  several_upns as (
    select pupil_id
    from core.pupil_key
    where upn <> ''
    group by pupil_id
    having min(upn) <> max(upn)
  ),
  latest_upn as (
    select u.pupil_id, arg_max(u.upn, row(right(u.upn, 1) < 'A', r.term_no, r.last_place)) as upn
    from (
      select distinct k.pupil_id, k.upn
      from core.pupil_key as k
      join several_upns as s
        on s.pupil_id = k.pupil_id
      where k.upn <> ''
    ) as u
    join told_pupil as r
      on r.key_upn = u.upn
    group by u.pupil_id
  ),
  known as (
    select
      pupil_id,
      max(key_upn) filter (where key_upn <> '') as upn,
      arg_max(surname, age_of_fact) filter (where surname is not null) as surname,
      arg_max(forename, age_of_fact) filter (where forename is not null) as forename,
      arg_max(date_of_birth, age_of_fact) filter (where date_of_birth is not null)
        as date_of_birth,
      arg_max(sex, age_of_fact) filter (where sex is not null) as sex
    from facts
    group by pupil_id
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
