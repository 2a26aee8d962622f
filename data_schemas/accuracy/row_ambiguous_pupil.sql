-- one row is a row set aside by row_ambiguous_pupil
-- code = "row_ambiguous_pupil"
-- title = "A row belongs to one pupil only"
-- severity = "error"
-- level = "row"
-- owner = "office"
-- system = "management information system"
-- counts = "row"
-- message = "The row was not loaded. {found}"
-- several = "{count} rows were not loaded: each may be one of two pupils'."
-- fix = "Put in the pupil's own UPN, admission number and name, so that it is plain whose row it is, then send the whole file again. The page of the school names both pupils."
-- why = "The row fits more than one pupil, and guessing would put a result under the wrong name."
select
  school_id,
  academic_year,
  term,
  file_id,
  line,
  column_name,
  reason as found
from current_rejected_row
where rule_code = 'row_ambiguous_pupil'
