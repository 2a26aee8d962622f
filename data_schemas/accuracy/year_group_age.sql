-- one row is a pupil, school and term whose year group is further from the age than the settings allow
-- code = "year_group_age"
-- title = "The year group fits the date of birth"
-- severity = "error"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "{found} is further from what the date of birth says than the settings allow (years_from_age)."
-- several = "The year groups of {count} pupils are further from what the date of birth says than the settings allow (years_from_age)."
-- fix = "One of the two is wrong: correct the date of birth or the year group."
-- why = "A pupil in the wrong year group is compared with the wrong expectation in every subject."
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line,
  -- as far off as this it is rather the date that is mistyped, whatever moved the year groups
  case when abs(years_older) > 2 then 'date_of_birth' else 'year_group' end as column_name,
  case when year_group = 'R' then 'Reception' else 'Year ' || year_group end as found
from aged_pupil
where abs(years_older) > years_from_age
