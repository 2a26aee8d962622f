-- one row is a file whose pupils are mostly one year group too high for the academic year
-- code = "roll_over"
-- title = "Year groups are those of the academic year"
-- severity = "error"
-- level = "file"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "Most pupils of the file ({detail}) are one year group above their age: it looks as if it was made after the year groups moved up in September, for a term before that."
-- several = "{count} files have most of their pupils one year group above the age, as if they were made after the year groups moved up in September."
-- fix = "Export the term again with the year groups of that academic year (most systems ask for an effective date), or correct the academic year that the file gives."
-- why = "Every pupil of the file would be compared with the expectation of the year above, and look a year behind."
-- least = { pupils = 10 }
-- limits = { share = 0.5 }
-- explains = ["year_group_age", "year_group_age_above"]
with
  above as (
    select school_id, academic_year, term, term_no, file_id, count(*) as pupils
    from aged_pupil
    where years_older = -1
    group by school_id, academic_year, term, term_no, file_id
  ),
  sent as (
    select e.school_id, e.term_no, e.file_id, count(*) as pupils
    from core.enrolment as e
    join (select distinct school_id, term_no, file_id from above) as a
      on a.school_id = e.school_id
      and a.term_no = e.term_no
      and a.file_id = e.file_id
    group by e.school_id, e.term_no, e.file_id
  )
select
  a.school_id,
  a.academic_year,
  a.term,
  a.file_id,
  'year_group' as column_name,
  cast(a.pupils as varchar) || ' of ' || cast(s.pupils as varchar) as detail
from above as a
join sent as s
  on s.school_id = a.school_id
  and s.term_no = a.term_no
  and s.file_id = a.file_id
where s.pupils >= $pupils
  and a.pupils > $share * s.pupils
