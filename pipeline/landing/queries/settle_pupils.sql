-- what is said of a pupil stands at the first row that says it and was loaded, or goes where none was
create or replace temp table loaded_first as
select
  p.file_id,
  p.line as pupil_line,
  p.item as pupil_item,
  min(i.line * 10000 + i.item) as first
from landing.export_pupil as p
left join landing.export_item as i
  on i.file_id = p.file_id
  and i.pupil_line = p.line
  and i.pupil_item = p.item
where p.file_id in (select file_id from wrong union select file_id from passed_over)
group by p.file_id, p.line, p.item
having coalesce(min(i.line * 10000 + i.item), -1) <> p.line * 10000 + p.item;

delete from landing.export_pupil as p
using loaded_first as f
where f.first is null
  and f.file_id = p.file_id
  and f.pupil_line = p.line
  and f.pupil_item = p.item;

update landing.export_pupil as p
set line = f.first // 10000, item = f.first % 10000
from loaded_first as f
where f.first is not null
  and f.file_id = p.file_id
  and f.pupil_line = p.line
  and f.pupil_item = p.item;

update landing.export_item as i
set pupil_line = f.first // 10000, pupil_item = f.first % 10000
from loaded_first as f
where f.first is not null
  and f.file_id = i.file_id
  and f.pupil_line = i.pupil_line
  and f.pupil_item = i.pupil_item;

drop table loaded_first;
