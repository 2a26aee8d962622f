-- one row is a way in which rows name a pupil, and the pupil, or the two whom it may mean
-- A pupil is one UPN, with the former and temporary ones that it replaced (over three changes at
-- most). An admission number without a UPN is that of the pupil who has it at the school: in the
-- term, else in any. A name with a date of birth is that of the one pupil of the school who has
-- both. Where that is nobody, it is a pupil of its own. The number of a pupil is the place where
-- the pupil first appears, so it depends on the files and on nothing else.
with
  named as (
    select
      t.school_id,
      t.key_upn as upn,
      t.key_number as admission_number,
      t.key_term_no as term_no,
      t.key_name as name_key,
      min(t.first_place) as first_seen
    from told as t
    left join (select distinct file_id, line from core.shared_upn_row) as s
      on s.file_id = t.file_id
      and s.line = t.first_place % 100000000
    where s.file_id is null
    group by all
  ),
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
  ),
  present_upn as (
    select one.old_upn as upn, coalesce(three.new_upn, two.new_upn, one.new_upn) as present
    from replaced_by as one
    left join replaced_by as two
      on two.old_upn = one.new_upn
    left join replaced_by as three
      on three.old_upn = two.new_upn
  ),
  named_by_upn as (
    select n.*, coalesce(p.present, n.upn) as pupil
    from named as n
    left join present_upn as p
      on p.upn = n.upn
    where n.upn <> ''
  ),
  number_alone as (
    select school_id, admission_number, term_no, first_seen
    from named
    where upn = ''
      and admission_number <> ''
  ),
  number_ever as (
    select n.school_id, n.admission_number, min(n.pupil) as one, max(n.pupil) as other
    from named_by_upn as n
    where (n.school_id, n.admission_number) in (
      select school_id, admission_number from number_alone
    )
    group by n.school_id, n.admission_number
  ),
  -- whose number it is in each term, as the latest file with the pupil says
  number_in_term as (
    select
      n.school_id,
      r.term_no,
      n.pupil,
      arg_max(r.admission_number, r.place) as admission_number
    from number_ever as e
    join named_by_upn as n
      on n.school_id = e.school_id
      and n.pupil in (e.one, e.other)
    join core.loaded_pupil as r
      on r.school_id = n.school_id
      and r.key_upn = n.upn
      and r.admission_number is not null
    where e.one <> e.other
    group by n.school_id, r.term_no, n.pupil
  ),
  number_means as (
    select
      a.school_id,
      a.admission_number,
      a.term_no,
      a.first_seen,
      case when e.one = e.other then e.one
        else coalesce(
          min(t.pupil) filter (where t.term_no = a.term_no),
          min(t.pupil)
        ) end as one,
      case when e.one = e.other then e.one
        else coalesce(
          max(t.pupil) filter (where t.term_no = a.term_no),
          max(t.pupil)
        ) end as other
    from number_alone as a
    left join number_ever as e
      on e.school_id = a.school_id
      and e.admission_number = a.admission_number
    left join number_in_term as t
      on t.school_id = e.school_id
      and t.admission_number = e.admission_number
      and e.one <> e.other
    group by a.school_id, a.admission_number, a.term_no, a.first_seen, e.one, e.other
  ),
  known_by_number as (
    select
      school_id,
      upn,
      admission_number,
      term_no,
      first_seen,
      pupil as one,
      pupil as other
    from named_by_upn
    union all
    select
      school_id,
      '',
      admission_number,
      term_no,
      first_seen,
      coalesce(one, school_id || ' ' || admission_number),
      coalesce(other, school_id || ' ' || admission_number)
    from number_means
  ),
  name_alone as (
    select
      school_id,
      term_no,
      name_key,
      first_seen,
      cast(right(name_key, 10) as date) as date_of_birth
    from named
    where name_key <> ''
  ),
  namesakes as (
    select distinct a.school_id, a.name_key, r.key_upn, r.key_number, r.key_term_no
    from name_alone as a
    join core.loaded_pupil as r
      on r.school_id = a.school_id
      and r.date_of_birth = a.date_of_birth
    where r.key_name = ''
      and a.name_key = concat_ws(
        ' ',
        regexp_replace(lower(strip_accents(r.surname)), '[^\p{L}\p{N}]', '', 'g'),
        regexp_replace(lower(strip_accents(r.forename)), '[^\p{L}\p{N}]', '', 'g'),
        cast(r.date_of_birth as varchar)
      )
  ),
  name_fits as (
    select a.school_id, a.name_key, min(k.one) as one, max(k.other) as other
    from namesakes as a
    join known_by_number as k
      on k.school_id = a.school_id
      and k.upn = a.key_upn
      and k.admission_number = a.key_number
      and k.term_no = a.key_term_no
    group by a.school_id, a.name_key
  ),
  meant as (
    select school_id, upn, admission_number, term_no, '' as name_key, first_seen, one, other
    from known_by_number
    union all
    select
      a.school_id,
      '',
      '',
      a.term_no,
      a.name_key,
      a.first_seen,
      coalesce(f.one, a.school_id || ' ' || a.name_key),
      coalesce(f.other, a.school_id || ' ' || a.name_key)
    from name_alone as a
    left join name_fits as f
      on f.school_id = a.school_id
      and f.name_key = a.name_key
  ),
  pupils as (
    select one as pupil, min(first_seen) as pupil_id
    from meant
    where one = other
    group by one
  ),
  doubtful as (
    select
      m.one,
      m.other,
      least(a.pupil_id, b.pupil_id) as candidate_1,
      greatest(a.pupil_id, b.pupil_id) as candidate_2
    from (select distinct one, other from meant where one <> other) as m
    join pupils as a
      on a.pupil = m.one
    join pupils as b
      on b.pupil = m.other
  )
select
  m.school_id,
  m.upn,
  m.admission_number,
  m.term_no,
  m.name_key,
  p.pupil_id,
  m.first_seen,
  null as candidate_1,
  null as candidate_2
from meant as m
join pupils as p
  on p.pupil = m.one
where m.one = m.other
union all
select
  m.school_id,
  m.upn,
  m.admission_number,
  m.term_no,
  m.name_key,
  null,
  m.first_seen,
  d.candidate_1,
  d.candidate_2
from meant as m
join doubtful as d
  on d.one = m.one
  and d.other = m.other
