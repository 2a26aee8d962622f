-- one row is a UPN that another has replaced, with the one that counts (over three changes at most)
-- only where: select 1 from told where right(key_upn, 1) >= 'A'
-- only where: select 1 from landing.export_pupil where former_upn is not null
with
  -- a temporary UPN ends in a letter
  replaceable as (
    select t.school_id, t.upn as old_upn, p.upn as new_upn
    from named as t
    join named as p
      on p.school_id = t.school_id
      and p.admission_number = t.admission_number
      and p.upn <> ''
      and right(p.upn, 1) < 'A'
    where t.upn <> ''
      and right(t.upn, 1) >= 'A'
      and t.admission_number <> ''
  ),
  told_former as (
    select former_upn as old_upn, upn as new_upn, min(term_no) as first_term_no
    from core.loaded_pupil
    where former_upn is not null
      and upn_kind in ('permanent', 'temporary')
      and upn_kind(former_upn) in ('permanent', 'temporary')
      and former_upn <> upn
    group by former_upn, upn
  ),
  facts as (
    select distinct
      r.upn,
      r.school_id,
      r.term_no,
      r.admission_number,
      r.date_of_birth,
      regexp_replace(lower(strip_accents(r.surname)), '[^\p{L}\p{N}]', '', 'g') as surname,
      regexp_replace(lower(strip_accents(r.forename)), '[^\p{L}\p{N}]', '', 'g') as forename
    from core.loaded_pupil as r
    join (
      select old_upn as upn
      from told_former
      union
      select new_upn
      from told_former
      union
      select old_upn
      from replaceable
      union
      select new_upn
      from replaceable
    ) as asked
      on asked.upn = r.upn
  ),
  -- a wrongly allocated UPN is another child's, whatever the column of former UPNs says
  other_child as (
    select distinct t.old_upn, t.new_upn
    from told_former as t
    join facts as o
      on o.upn = t.old_upn
    join facts as n
      on n.upn = t.new_upn
    where (
        o.forename <> n.forename and o.surname <> n.surname and o.date_of_birth <> n.date_of_birth
      )
      or (
        o.school_id = n.school_id
        and o.term_no = n.term_no
        and o.admission_number <> n.admission_number
        and (o.date_of_birth <> n.date_of_birth or o.forename <> n.forename)
      )
  ),
  followed_by as (
    select
      t.old_upn,
      t.new_upn,
      row_number() over (partition by t.old_upn order by t.first_term_no, t.new_upn) as place
    from told_former as t
    left join told_former as back
      on back.old_upn = t.new_upn
      and back.new_upn = t.old_upn
    left join other_child as c
      on c.old_upn = t.old_upn
      and c.new_upn = t.new_upn
    where back.old_upn is null
      and c.old_upn is null
  ),
  made_permanent as (
    select r.old_upn, min(r.new_upn) as new_upn
    from replaceable as r
    join facts as o
      on o.upn = r.old_upn
      and o.school_id = r.school_id
    join facts as n
      on n.upn = r.new_upn
      and n.school_id = r.school_id
    where o.date_of_birth = n.date_of_birth
      or (o.surname = n.surname and o.forename = n.forename)
    group by r.old_upn
    having min(r.new_upn) = max(r.new_upn)
  ),
  replaced_by as (
    select old_upn, new_upn
    from followed_by
    where place = 1
    union all
    select m.old_upn, m.new_upn
    from made_permanent as m
    left join told_former as f
      on f.old_upn in (m.old_upn, m.new_upn)
      and f.new_upn in (m.old_upn, m.new_upn)
    left join followed_by as told
      on told.old_upn = m.old_upn
    where f.old_upn is null
      and told.old_upn is null
  )
select one.old_upn as upn, coalesce(three.new_upn, two.new_upn, one.new_upn) as present
from replaced_by as one
left join replaced_by as two
  on two.old_upn = one.new_upn
left join replaced_by as three
  on three.old_upn = two.new_upn
