-- one row is a pupil, school, term and column whose text is not understood
-- code = "group_code"
-- title = "Codes and dates are understood"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The text in the column '{found}' is not understood; it counts as blank."
-- several = "{count} texts in columns of codes or dates are not understood; they count as blank."
-- fix = "Use the codes and date formats that docs/data-leads.md lists for this column."
-- why = "A code that is not understood leaves the pupil out of a group, for instance pupil premium."
with
  told as (
    select
      pupil_id,
      school_id,
      academic_year,
      term,
      term_no,
      class_name,
      kind,
      file_id,
      line,
      unnest(string_split(not_understood, ',')) as column_name
    from current_row
    where not_understood <> ''
  ),
  first_told as (
    select
      *,
      row_number() over (
        partition by pupil_id, school_id, term_no, column_name
        order by case when kind = 'roll' then 0 else 1 end, file_id, line
      ) as place
    from told
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line,
  column_name,
  column_name as found
from first_told
where place = 1
