-- one row is a pupil on roll without a class, or a school that gives none
-- code = "class_missing"
-- title = "Each pupil has a class"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "No class is given for {found}."
-- several = "{count} pupils, or whole schools and terms, have no class."
-- fix = "Put the pupil into a class in the management information system and export again."
-- why = "Class pages and Achievement Teams leave out a pupil without a class."
select *
from lacking_value
where column_name = 'class_name'
