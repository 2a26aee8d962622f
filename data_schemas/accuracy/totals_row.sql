-- one row is a file with rows of totals among the pupils
-- code = "totals_row"
-- title = "Totals are not sent among pupils"
-- severity = "note"
-- level = "file"
-- owner = "office"
-- system = "management information system"
-- counts = "row"
-- message = "The file holds rows of totals or averages ({detail}); they were left out."
-- several = "{count} files hold rows of totals or averages, which were left out."
-- fix = "Nothing has to be done; an export without totals is safer, since a total that bears a number may be taken for a pupil."
-- why = "A row of totals that is read as a pupil changes every average."
select
  f.school_id,
  f.academic_year,
  f.term,
  s.file_id,
  min(s.line) as line,
  cast(count(*) as varchar) || case when count(*) = 1 then ' row' else ' rows' end as detail
from landing.skipped_row as s
join landing.export_file as f
  on f.file_id = s.file_id
where s.reason = 'a row of totals'
  and f.status = 'loaded'
  and f.school_id is not null
  and f.academic_year is not null
  and f.term is not null
group by f.school_id, f.academic_year, f.term, s.file_id
