-- one row is a result of the pupil in the term that a later file or a withdrawal replaced.
select
  subject,
  assessment_kind,
  assessment,
  file_id,
  line,
  replaced_by_file_id
from core.result_history
where pupil_id = $pupil_id
  and term_no = $term_no
order by subject, file_id, line
