-- one row is a name with a date of birth, by which alone rows of a school and term name a pupil, and
-- the pupil, or the two whom it may mean
-- It is the one pupil of the school who has both; where nobody has, a pupil of its own.
-- only where: select 1 from name_alone
with
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
  known as (
    select a.school_id, a.name_key, n.pupil as one, n.pupil as other
    from namesakes as a
    join named_by_upn as n
      on n.school_id = a.school_id
      and n.upn = a.key_upn
      and n.admission_number = a.key_number
    union all
    select a.school_id, a.name_key, n.one, n.other
    from namesakes as a
    join number_means as n
      on n.school_id = a.school_id
      and n.admission_number = a.key_number
      and n.term_no = a.key_term_no
    where a.key_upn = ''
  ),
  name_fits as (
    select school_id, name_key, min(one) as one, max(other) as other
    from known
    group by school_id, name_key
  )
select
  a.school_id,
  a.term_no,
  a.name_key,
  a.first_seen,
  coalesce(f.one, a.school_id || ' ' || a.name_key) as one,
  coalesce(f.other, a.school_id || ' ' || a.name_key) as other
from name_alone as a
left join name_fits as f
  on f.school_id = a.school_id
  and f.name_key = a.name_key
