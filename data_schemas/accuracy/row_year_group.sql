-- one row is a row set aside by row_year_group
-- code = "row_year_group"
-- title = "Each row has a year group"
-- severity = "error"
-- level = "row"
-- owner = "office"
-- system = "management information system"
-- counts = "row"
-- message = "The row was not loaded. {found}"
-- several = "{count} rows were not loaded: they have no year group that is known."
-- fix = "Give the national curriculum year: N1, N2, R or 1 to 14, then send the whole file again."
-- why = "What is expected of a pupil depends on the year group."
select
  school_id,
  academic_year,
  term,
  file_id,
  line,
  column_name,
  reason as found
from current_rejected_row
where rule_code = 'row_year_group'
