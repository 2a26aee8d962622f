-- one row is a row set aside by row_columns
-- code = "row_columns"
-- title = "Each row has as many fields as the heading"
-- severity = "error"
-- level = "row"
-- owner = "supplier"
-- system = "management information system"
-- counts = "row"
-- message = "The row was not loaded. {found}"
-- several = "{count} rows were not loaded: they have too many or too few fields, or are shifted under other headings."
-- fix = "Look for a comma or a quotation mark inside a value on this line, or for cells that were moved to the right, correct it in the management information system, then send the whole file again."
-- why = "A row with too many or too few fields puts values under the wrong heading."
select
  school_id,
  academic_year,
  term,
  file_id,
  line,
  column_name,
  reason as found
from current_rejected_row
where rule_code = 'row_columns'
