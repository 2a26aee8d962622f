-- one row is a school and how many of its Reception have a good level of development, where it is due.
select
  count(*) as pupils,
  count(*) filter (where good_level) as reached,
  count(*) filter (where not good_level) as not_reached,
  count(*) filter (where good_level is null) as not_known
from progress.good_level
where school_id = $school_id
  and term_no = $term_no
having count(*) > 0
