-- one row is a row set aside by row_shared_upn
-- code = "row_shared_upn"
-- title = "A UPN belongs to one pupil"
-- severity = "error"
-- level = "row"
-- owner = "office"
-- system = "management information system"
-- counts = "row"
-- message = "The row was not loaded. {found}"
-- several = "{count} rows were not loaded: two pupils share their UPN."
-- fix = "Find out whose UPN it is, correct the other pupil, then send the whole file again. The page of the school names both pupils."
-- why = "Two pupils under one UPN would be given the mean of two childhoods. The child who has the UPN in more files and terms keeps it; where two are level, neither does."
select
  school_id,
  academic_year,
  term,
  file_id,
  line,
  column_name,
  reason as found
from current_rejected_row
where rule_code = 'row_shared_upn'
