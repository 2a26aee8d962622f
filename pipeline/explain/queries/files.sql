-- one row is a file that the explanation names.
select file_id, file_name
from landing.export_file
where list_contains($files, file_id)
order by file_id
