-- one row is a pupil, school and term taught a year group below the age
-- code = "year_group_age_one"
-- title = "A pupil is in the year group of the age"
-- severity = "note"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "{found} is below the year group of the age of the pupil."
-- several = "{count} pupils are below the year group of their age."
-- fix = "Nothing, if the school has placed the pupil there on purpose; else correct the year group."
-- why = "The pupil is compared with the expectation of the year group, not of the age."
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
where years_older between 1 and years_from_age
