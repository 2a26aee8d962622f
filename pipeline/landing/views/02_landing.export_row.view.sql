-- one row is a data row that was loaded, or one of the results of a row that holds several, with
-- what it says of the pupil
select
  i.file_id,
  i.line,
  i.item,
  p.* exclude (file_id, line, item, not_understood, as_sent),
  i.* exclude (file_id, line, item, pupil_line, pupil_item, of_result, not_understood, as_sent),
  concat_ws(',', nullif(p.not_understood, ''), nullif(i.not_understood, '')) as not_understood,
  nullif(concat_ws(chr(10), i.as_sent, p.as_sent), '') as as_sent
from landing.export_item as i
join landing.export_pupil as p
  on p.file_id = i.file_id
  and p.line = i.pupil_line
  and p.item = i.pupil_item
