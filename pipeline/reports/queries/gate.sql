-- one row is whether the data of the school and term may be relied on; no row where not checked.
select
  errors,
  warnings,
  notes,
  pupils_due,
  results_due,
  results_present,
  passed
from accuracy.gate
where school_id = $school_id
  and term_no = $term_no
