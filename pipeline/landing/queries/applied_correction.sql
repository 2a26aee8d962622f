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
left join landing.export_item as i
  on i.file_id = c.file_id
  and i.line = c.line
  and i.item = c.item
left join landing.export_pupil as r
  on r.file_id = i.file_id
  and r.line = i.pupil_line
  and r.item = i.pupil_item
left join core.result_history as h
  on h.file_id = c.file_id
  and h.line = c.line
  and h.item = c.item
left join core.enrolment as e
  on e.file_id = c.file_id
  and e.line = c.line
group by c.correction_key
