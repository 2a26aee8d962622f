-- one row is a file with many rows that repeat others
-- code = "rows_repeated"
-- title = "A file says each thing once"
-- severity = "note"
-- level = "file"
-- owner = "data lead"
-- system = "management information system"
-- counts = "row"
-- message = "The file repeats rows ({detail}); each was taken once."
-- several = "{count} files repeat rows; each row was taken once."
-- fix = "Nothing has to be done. If it comes from an export made once for each class or group, choose one without groups."
-- why = "Repeated rows are harmless here, but the same file counts pupils twice elsewhere."
-- least = { rows = 10 }
-- limits = { share = 0.05 }
with
  repeated as (
    select file_id, min(line) as line, count(*) as repeats
    from landing.skipped_row
    where reason like 'the same as line%'
    group by file_id
  )
select
  f.school_id,
  f.academic_year,
  f.term,
  f.file_id,
  r.line,
  cast(r.repeats as varchar) || ' of ' || cast(f.rows_read as varchar) as detail
from repeated as r
join landing.export_file as f
  on f.file_id = r.file_id
where f.status = 'loaded'
  and f.school_id is not null
  and f.academic_year is not null
  and f.term is not null
  and f.rows_read >= $rows
  and r.repeats > $share * f.rows_read
