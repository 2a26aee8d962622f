-- one row is a year group of a school without any result in a subject that is due
-- code = "subject_missing"
-- title = "Each subject that is due has been sent"
-- severity = "error"
-- level = "school"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- counts = "due"
-- message = "{found} has no result at all in this subject, though the school has sent others."
-- several = "{count} year groups and subjects have no result at all, though the school has sent others."
-- fix = "Export the subject for this year group, or take it out of [[due]] in pipeline.toml if it is not assessed."
-- why = "A subject that was left out of the export looks like a year group that nobody assessed."
with
  schools_with_results as (
    select distinct school_id, term_no
    from core.result
  )
select
  d.school_id,
  d.academic_year,
  d.term,
  d.subject,
  case when d.year_group = 'R' then 'Reception' else 'Year ' || d.year_group end as found
from due_class as d
join schools_with_results as s
  on s.school_id = d.school_id
  and s.term_no = d.term_no
group by d.school_id, d.academic_year, d.term, d.subject, d.year_group
having sum(d.with_row) = 0
