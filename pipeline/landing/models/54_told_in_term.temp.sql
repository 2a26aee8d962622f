-- one row is a pupil in a school and term, with how often the pupil is told of there and where last
-- Kept, as what is said last is asked for twice.
select
  pupil_id,
  school_id,
  term_no,
  count(*) as times,
  max(last_item) as last_item
from told_pupil
group by pupil_id, school_id, term_no
