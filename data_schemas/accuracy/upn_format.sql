-- one row is a pupil, school and term with a UPN in the wrong format
-- code = "upn_format"
-- title = "A UPN has the right format"
-- severity = "error"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The UPN is not in the format of a UPN."
-- several = "{count} UPNs are not in the format of a UPN."
-- fix = "Correct the UPN: a letter and twelve digits (a temporary UPN ends in a letter). If it is not known, leave it blank and give the admission number."
-- why = "A wrong UPN cannot be matched, and splits or mixes the histories of pupils."
with
  wrong as (
    select
      *,
      row_number() over (
        partition by pupil_id, school_id, term_no, upn
        order by case when kind = 'roll' then 0 else 1 end, file_id, line
      ) as place
    from current_row
    where upn_kind = 'invalid'
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line,
  'upn' as column_name
from wrong
where place = 1
