-- one row is a pupil on roll without a UPN, or a school that gives none
-- code = "upn_missing"
-- title = "Each pupil has a UPN"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "No UPN is given for {found}; the admission number is used."
-- several = "{count} pupils, or whole schools and terms, have no UPN; admission numbers are used."
-- fix = "Put in the UPN, or ask the school that the pupil came from. A pupil who has never had one needs a temporary UPN."
-- why = "Only the UPN follows a pupil who moves to another school."
select *
from lacking_value
where column_name = 'upn'
