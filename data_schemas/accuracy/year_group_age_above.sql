-- one row is a pupil, school and term taught a year group above the age
-- code = "year_group_age_above"
-- title = "A pupil is not above the year group of the age"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "{found} is above the year group of the age of the pupil."
-- several = "{count} pupils are above the year group of their age."
-- fix = "Check the date of birth and the year group; pupils are rarely placed a year ahead."
-- why = "The pupil is compared with the expectation of the year group, and would seem to be behind."
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line,
  'year_group' as column_name,
  case when year_group = 'R' then 'Reception' else 'Year ' || year_group end as found
from aged_pupil
where years_older between -years_from_age and -1
