-- one row is a term of a file that lies years after the other terms of the file
-- code = "term_out_of_line"
-- title = "A file holds terms that belong together"
-- severity = "warning"
-- level = "file"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- counts = "row"
-- message = "Some rows of the file are for {found}, years after all its others ({detail}): is the academic year mistyped?"
-- several = "{count} terms of files lie years after the others of the same file."
-- fix = "Correct the academic year in the export and send the whole file again."
-- why = "A result of a year that has not come yet is nobody's latest result, and never looked at."
-- limits = { terms = 6 }
with
  by_term as (
    select school_id, academic_year, term, term_no, file_id, count(*) as rows_of_term, min(line) as line
    from landing.export_row
    group by school_id, academic_year, term, term_no, file_id
  ),
  beside as (
    select
      *,
      max(term_no) over (
        partition by school_id, file_id
        order by term_no
        rows between unbounded preceding and 1 preceding
      ) as term_no_before
    from by_term
  )
select
  school_id,
  academic_year,
  term,
  file_id,
  line,
  'academic_year' as column_name,
  term || ' ' || academic_year as found,
  cast(rows_of_term as varchar) || case when rows_of_term = 1 then ' row' else ' rows' end as detail
from beside
where term_no - term_no_before >= $terms
