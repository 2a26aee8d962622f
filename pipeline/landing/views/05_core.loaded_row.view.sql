-- one row is a loaded row, or result of one, of a file that was not withdrawn
select r.*
from core.sent_row as r
join landing.export_file as f
  on f.file_id = r.file_id
where f.status = 'loaded'
