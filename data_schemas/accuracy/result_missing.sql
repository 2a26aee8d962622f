-- one row is a pupil and subject that is due, without any row in the results
-- code = "result_missing"
-- title = "Each pupil on roll has a result in each subject due"
-- severity = "warning"
-- level = "pupil"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "due"
-- message = "The pupil is on roll and this subject is due, but no result of it was loaded."
-- several = "{count} results are due from pupils on roll and none was loaded."
-- fix = "Enter the outcome, or a code that says why there is none (such as absent), and send the file again."
-- why = "A pupil who is left out of the export is easily forgotten, and never shows as underachieving."
with
  told as (
    select
      d.*,
      max(case when d.has_row then 1 else 0 end) over (
        partition by d.school_id, d.term_no, d.year_group, d.subject
      ) as year_group_has_any
    from due_result as d
  )
select
  school_id,
  academic_year,
  term,
  subject,
  class_name,
  pupil_id,
  file_id,
  line
from told
where not has_row
  and year_group_has_any = 1
