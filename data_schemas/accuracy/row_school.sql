-- one row is a row set aside by row_school
-- code = "row_school"
-- title = "Each row names its school"
-- severity = "error"
-- level = "row"
-- owner = "office"
-- system = "management information system"
-- counts = "row"
-- message = "The row was not loaded. {found}"
-- several = "{count} rows were not loaded: they do not name their school."
-- fix = "Put the school's URN (six digits) or LAESTAB (seven digits) on every row, then send the whole file again."
-- why = "Without a school a row belongs to nobody, and the pupil would be missing without anyone noticing."
select
  school_id,
  academic_year,
  term,
  file_id,
  line,
  column_name,
  reason as found
from current_rejected_row
where rule_code = 'row_school'
