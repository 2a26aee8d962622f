-- one row is the verdict on the school's data of a term, up to this one; no row where not checked.
select *
from accuracy.gate
where school_id = $school_id
  and term_no <= $term_no
order by term_no
