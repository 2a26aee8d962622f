-- results of each file: current, or replaced by a later file
update landing.export_file as f
set
  results_loaded = coalesce(c.results_loaded, 0),
  results_superseded = coalesce(c.results_superseded, 0)
from (
  select
    e.file_id,
    r.results as results_loaded,
    h.results as results_superseded
  from landing.export_file as e
  left join (select file_id, count(*) as results from core.result group by file_id) as r
    on r.file_id = e.file_id
  left join (select file_id, count(*) as results from core.result_history group by file_id) as h
    on h.file_id = e.file_id
) as c
where c.file_id = f.file_id
