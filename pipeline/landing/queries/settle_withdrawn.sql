-- files stand or are withdrawn as removed.toml says
update landing.export_file as f
set
  status = case when s.number is null then 'loaded' else 'withdrawn' end,
  withdrawn_by = s.number
from (
  select e.file_id, w.number
  from landing.export_file as e
  left join withdrawn as w
    on w.file_id = e.file_id
  where e.status in ('loaded', 'withdrawn')
) as s
where s.file_id = f.file_id
  and s.number is distinct from f.withdrawn_by
