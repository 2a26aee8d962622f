-- one row is a pupil, school and term with a UPN whose first letter does not fit
-- code = "upn_check_letter"
-- title = "The check letter of a UPN fits"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The first letter of the UPN does not agree with the other twelve characters."
-- several = "The first letters of {count} UPNs do not agree with the other twelve characters."
-- fix = "Compare the UPN with the one in the common transfer file or ask the school that issued it; one character is probably mistyped."
-- why = "The check letter catches most slips of the finger. Some schools do hold such UPNs, so it is a warning."
with
  wrong as (
    select
      *,
      row_number() over (
        partition by pupil_id, school_id, term_no, upn
        order by case when kind = 'roll' then 0 else 1 end, file_id, line
      ) as place
    from current_row
    where not upn_check_letter_fits
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
