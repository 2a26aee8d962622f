-- one row is a name with a date of birth, by which alone rows of a school and term name a pupil
select
  school_id,
  term_no,
  name_key,
  first_seen,
  cast(right(name_key, 10) as date) as date_of_birth
from named
where name_key <> ''
