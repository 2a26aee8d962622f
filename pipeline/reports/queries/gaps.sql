-- one row is a measure in a pupil group of the school beside the other pupils, in a subject.
select gap.*
from progress.gap as gap
where gap.school_id = $school_id
  and gap.term_no = $term_no
