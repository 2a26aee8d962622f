-- one row is a row set aside by row_scale
-- code = "row_scale"
-- title = "Each result is on a known scale"
-- severity = "error"
-- level = "row"
-- owner = "data lead"
-- system = "pipeline settings"
-- counts = "row"
-- message = "The row was not loaded. {found}"
-- several = "{count} rows were not loaded: their scale is not known."
-- fix = "Correct the name of the scale, or describe the scale in a file in the folder scales, then send the whole file again."
-- why = "An outcome means nothing without its scale."
select
  school_id,
  academic_year,
  term,
  file_id,
  line,
  column_name,
  reason as found
from current_rejected_row
where rule_code = 'row_scale'
