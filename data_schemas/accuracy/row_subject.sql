-- one row is a row set aside by row_subject
-- code = "row_subject"
-- title = "Each result is in a subject that the settings name"
-- severity = "error"
-- level = "row"
-- owner = "data lead"
-- system = "pipeline settings"
-- counts = "row"
-- message = "The row was not loaded. {found}"
-- several = "{count} rows were not loaded: the settings do not name their subject."
-- fix = "Correct the subject, or add it to subjects in pipeline.toml, then send the whole file again."
-- why = "A misspelt subject would look like a subject that nobody was assessed in."
select
  school_id,
  academic_year,
  term,
  file_id,
  line,
  column_name,
  reason as found
from current_rejected_row
where rule_code = 'row_subject'
