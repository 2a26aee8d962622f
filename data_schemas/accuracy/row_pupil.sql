-- one row is a row set aside by row_pupil
-- code = "row_pupil"
-- title = "Each row identifies a pupil"
-- severity = "error"
-- level = "row"
-- owner = "office"
-- system = "management information system"
-- counts = "row"
-- message = "The row was not loaded. {found}"
-- several = "{count} rows were not loaded: they do not say whose they are."
-- fix = "Put in the pupil's UPN or admission number, or the whole name with the date of birth, then send the whole file again."
-- why = "A name alone is not enough: two pupils may share one, and one pupil may be written in two ways."
select
  school_id,
  academic_year,
  term,
  file_id,
  line,
  column_name,
  reason as found
from current_rejected_row
where rule_code = 'row_pupil'
