-- one row is a pupil with another surname or forename than in the term before
-- code = "name_changed"
-- title = "A pupil's name stays the same"
-- severity = "note"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The {found} is not the one that the school gave the term before."
-- several = "{count} pupils have another surname or forename than the term before."
-- fix = "Nothing, if the name has changed or was corrected; else find out whether the UPN or admission number is that of another pupil."
-- why = "Names do change; a slip in a number looks the same."
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
  case when other_surname then 'surname' else 'forename' end as column_name,
  case when other_surname then 'surname' else 'forename' end as found
from named
where other_surname <> other_forename
