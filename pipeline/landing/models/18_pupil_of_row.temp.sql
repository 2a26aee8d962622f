-- one row is what loaded rows say of a pupil, by its place in landing.export_pupil, with the pupil
-- Found once, before results are looked at: for each result it would be found again.
select
  pupil_id,
  school_id,
  term_no,
  file_id,
  line,
  item
from core.identified_pupil
