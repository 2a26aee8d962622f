-- one row is a way in which rows name a pupil, and the pupil, or the two whom it may mean
-- A pupil is one UPN, with the former and temporary ones that it replaced. An admission number
-- without a UPN, or a name with a date of birth, may mean such a pupil, and is a pupil of its own
-- where it means nobody. The number of a pupil is the place where the pupil first appears, so it
-- depends on the files and on nothing else.
with
  -- those without a UPN, who are few
  others as (
    select school_id, admission_number, term_no, '' as name_key, first_seen, one, other
    from number_means
    union all
    select school_id, '', term_no, name_key, first_seen, one, other
    from name_means
  ),
  meant as (
    select pupil, first_seen
    from named_by_upn
    union all
    select one, first_seen
    from others
    where one = other
  ),
  pupils as (
    select pupil, min(first_seen) as pupil_id
    from meant
    group by pupil
  )
select
  n.school_id,
  n.upn,
  n.admission_number,
  n.term_no,
  n.name_key,
  p.pupil_id,
  n.first_seen,
  null as candidate_1,
  null as candidate_2
from named_by_upn as n
join pupils as p
  on p.pupil = n.pupil
union all
select
  o.school_id,
  '',
  o.admission_number,
  o.term_no,
  o.name_key,
  case when o.one = o.other then a.pupil_id end,
  o.first_seen,
  case when o.one <> o.other then least(a.pupil_id, b.pupil_id) end,
  case when o.one <> o.other then greatest(a.pupil_id, b.pupil_id) end
from others as o
join pupils as a
  on a.pupil = o.one
join pupils as b
  on b.pupil = o.other
