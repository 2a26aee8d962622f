-- one row is a pupil with another surname and another forename than in the term before
-- code = "both_names_changed"
-- title = "Surname and forename do not both change"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "Neither surname nor forename is the one that the school gave for this pupil the term before."
-- several = "{count} pupils have neither the surname nor the forename of the term before."
-- fix = "Find out whether the UPN or admission number is that of another pupil, and correct it. If the pupil has really changed both names, there is nothing to do."
-- why = "One child's results under another child's name are worse than none."
with
  named as (
    select
      *,
      lower(trim(surname)) <> lower(trim(surname_before)) as other_surname,
      lower(trim(forename)) <> lower(trim(forename_before)) as other_forename
    from carried_pupil
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line,
  'surname' as column_name
from named
where other_surname
  and other_forename
