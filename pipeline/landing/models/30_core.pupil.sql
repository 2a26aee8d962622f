-- one row is a pupil, with the latest that is known; a blank never replaces what is known
-- Of several UPNs it is the latest permanent one.
with
  facts as (
    select
      r.pupil_id,
      r.matched_upn as upn,
      r.surname,
      r.forename,
      r.date_of_birth,
      r.sex,
      row(
        r.term_no,
        case r.kind when 'roll' then 3 when 'pupils' then 2 when 'results' then 1 else 0 end,
        r.place
      ) as age_of_fact
    from core.identified_row as r
  ),
  several_upns as (
    select pupil_id
    from core.pupil_key
    where upn <> ''
    group by pupil_id
    having min(upn) <> max(upn)
  ),
  latest_upn as (
    select
      f.pupil_id,
      arg_max(f.upn, row(right(f.upn, 1) < 'A', f.age_of_fact)) as upn
    from facts as f
    join several_upns as s
      on s.pupil_id = f.pupil_id
    where f.upn <> ''
    group by f.pupil_id
  ),
  known as (
    select
      pupil_id,
      max(upn) filter (where upn <> '') as upn,
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
