-- one row is an admission number by which rows of a school and term name a pupil without a UPN, and
-- the pupil, or the two whom it may mean
-- It is the pupil who has it at the school: in the term, else in any; where nobody has, a pupil of
-- its own.
-- only where: select 1 from number_alone
with
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
  meant as (
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
  )
select
  school_id,
  admission_number,
  term_no,
  first_seen,
  coalesce(one, school_id || ' ' || admission_number) as one,
  coalesce(other, school_id || ' ' || admission_number) as other
from meant
