-- one row is a row set aside by row_term
-- code = "row_term"
-- title = "Each row names its academic year and term"
-- severity = "error"
-- level = "row"
-- owner = "office"
-- system = "management information system"
-- counts = "row"
-- message = "The row was not loaded. {found}"
-- several = "{count} rows were not loaded: they do not name their academic year and term."
-- fix = "Give the academic year as 2025-26 and the term as autumn, spring or summer, then send the whole file again."
-- why = "Progress is measured from term to term, so a row has to say to which it belongs."
select
  school_id,
  academic_year,
  term,
  file_id,
  line,
  column_name,
  reason as found
from current_rejected_row
where rule_code = 'row_term'
