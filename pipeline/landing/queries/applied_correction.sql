-- one row is a correction that changed something, with how many of its rows still count
select
  c.correction_key,
  count(*) filter (
    where h.file_id is null
      and (coalesce(r.kind, '') <> 'roll' or e.file_id is not null)
  ) as rows
from landing.correction as c
join landing.export_file as f
  on f.file_id = c.file_id
  and f.status = 'loaded'
left join landing.export_row as r
  on r.file_id = c.file_id
  and r.line = c.line
  and r.item = c.item
left join core.result_history as h
  on h.file_id = c.file_id
  and h.line = c.line
  and h.item = c.item
left join core.enrolment as e
  on e.file_id = c.file_id
  and e.line = c.line
group by c.correction_key
