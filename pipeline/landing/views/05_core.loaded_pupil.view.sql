-- one row is what loaded rows say of a pupil, of a file that was not withdrawn
select p.*
from core.sent_pupil as p
join landing.export_file as f
  on f.file_id = p.file_id
where f.status = 'loaded'
