-- one row is a pupil on roll whose sex is not known, or a school that does not give it
-- code = "sex_missing"
-- title = "The sex of each pupil is recorded"
-- severity = "note"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "No sex is given for {found}."
-- several = "{count} pupils, or whole schools and terms, have no sex recorded."
-- fix = "Add the column sex (M or F) to the export if reports by sex are wanted."
-- why = "Tables by sex leave out a pupil whose sex is not recorded."
select *
from lacking_value
where column_name = 'sex'
