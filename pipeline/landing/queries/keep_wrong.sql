-- rows of the portion that cannot be loaded are kept, with what was sent, until all are read
insert into wrong
with
  pupil as (
    {typed_pupil}
  ),
  item as (
    {typed_item}
  )
select
  i.file_id,
  i.line,
  i.item,
  case
    when i.rule_code is null or (p.rule_code <> 'row_pupil' and i.broken is null) then p.rule_code
    else i.rule_code
  end as wrong_code,
  p.upn,
  p.admission_number,
  p.school_id,
  p.term_no
from item as i
join pupil as p
  on p.file_id = i.file_id
  and p.line = i.pupil_line
  and p.item = i.pupil_item
where i.rule_code is not null
  or p.rule_code is not null;

insert into wrong_row by name
select s.*
from {staged} as s
join (select distinct file_id, line from wrong) as w
  on w.file_id = s.file_id
  and w.line = s.line;
