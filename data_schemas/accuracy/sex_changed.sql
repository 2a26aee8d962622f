-- one row is a pupil with another sex than in the term before
-- code = "sex_changed"
-- title = "The sex recorded stays the same"
-- severity = "note"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The sex recorded is not the one that the school gave the term before."
-- several = "{count} pupils have another sex recorded than the term before."
-- fix = "Nothing, if it was corrected; else find out whether the UPN or admission number is that of another pupil."
-- why = "Where sex and number do not fit together, two children may have been mixed up."
select
  c.school_id,
  c.academic_year,
  c.term,
  c.class_name,
  c.pupil_id,
  c.file_id,
  c.line,
  'sex' as column_name
from carried_pupil as c
where c.sex <> c.sex_before
