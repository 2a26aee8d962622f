-- one row is a loaded export row that still counts, with its pupil: a later file replaced none of it.
with standing as (
  select pupil_id, file_id, line, item
  from core.enrolment
  where from_roll
  union all
  select pupil_id, file_id, line, item
  from core.result
)
select standing.pupil_id, sent.*
from landing.export_row as sent
join standing
  on standing.file_id = sent.file_id
  and standing.line = sent.line
  and standing.item = sent.item
