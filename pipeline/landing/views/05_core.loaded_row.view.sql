-- one row is a loaded row of a file that was not withdrawn
select r.*
from landing.export_row as r
join landing.export_file as f
  on f.file_id = r.file_id
where f.status = 'loaded'
