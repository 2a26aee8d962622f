-- one row is a rejected row that still counts: its file is loaded, and not replaced as a whole.
-- A list of pupils, or of facts about them, replaces no other and so is never replaced.
with standing_file as (
  select file_id
  from core.enrolment
  union
  select file_id
  from core.result
  union
  select file_id
  from landing.export_pupil
  where kind in ('pupils', 'facts', 'seen')
)
select rejected.*
from landing.rejected_row as rejected
join landing.export_file as file
  on file.file_id = rejected.file_id
left join standing_file
  on standing_file.file_id = rejected.file_id
where file.status = 'loaded'
  and (standing_file.file_id is not null or file.rows_loaded = 0)
