-- one row is a pupil on roll without a date of birth, or a school that gives none
-- code = "date_of_birth_missing"
-- title = "Each pupil has a date of birth"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "No date of birth is given for {found}."
-- several = "{count} pupils, or whole schools and terms, have no date of birth."
-- fix = "Put in the date of birth as YYYY-MM-DD or DD/MM/YYYY."
-- why = "Without it the year group cannot be checked, nor one pupil told from another of the same name."
select *
from lacking_value
where column_name = 'date_of_birth'
