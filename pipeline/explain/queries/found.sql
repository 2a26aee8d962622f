-- one row is a pupil whom a number may mean, and a school in which it means this pupil.
-- An admission number goes before the program's own number; within a school, one written alike goes
-- before one that differs by zeros in front, which spreadsheets take away.
with
  number as (
    select
      cast($number as varchar) as written,
      ltrim(upper($number), '0') as plain,
      try_cast($number as bigint) as own
  ),
  -- a pupil who is on no roll has a number, but no term
  numbers as (
    select pupil_id, school_id, admission_number, term_no
    from core.enrolment
    where admission_number is not null
    union all
    select pupil_id, school_id, value, null
    from core.pupil_identifier
    where kind = 'admission_number'
  ),
  alike as (
    select
      a.pupil_id,
      a.school_id,
      a.term_no,
      case when upper(a.admission_number) = upper(n.written) then 1 else 2 end as place
    from numbers as a
    cross join number as n
    where ltrim(upper(a.admission_number), '0') = n.plain
      and n.plain <> ''
  ),
  own as (
    select
      coalesce(m.kept_pupil_id, p.pupil_id) as pupil_id,
      3 as place
    from number as n
    left join core.pupil as p
      on p.pupil_id = n.own
    left join core.pupil_merge as m
      on m.old_pupil_id = n.own
    where n.own is not null
  ),
  meant as (
    select pupil_id, school_id, term_no, place
    from alike
    union all
    select o.pupil_id, e.school_id, e.term_no, o.place
    from own as o
    left join core.enrolment as e
      on e.pupil_id = o.pupil_id
    where o.pupil_id is not null
  ),
  pupils as (
    select
      pupil_id,
      school_id,
      min(place) as place,
      min(term_no) as first_term_no,
      max(term_no) as last_term_no
    from meant
    group by pupil_id, school_id
  ),
  closest as (
    select
      *,
      min(place) over (partition by school_id) as of_school,
      min(place) over () as of_all
    from pupils
  )
select
  c.pupil_id,
  c.school_id,
  coalesce(s.school_name, cast(c.school_id as varchar)) as school_name,
  c.first_term_no,
  c.last_term_no
from closest as c
left join core.school as s
  on s.school_id = c.school_id
where c.place = c.of_school
  and (c.place < 3 or c.of_all = 3)
order by c.school_id, c.pupil_id
