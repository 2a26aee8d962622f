-- rows of the portion that cannot be loaded are kept, with what was sent, until all are read
insert into wrong
select file_id, line, item, rule_code, upn, admission_number, school_id, term_no
from (
{typed}
)
where rule_code is not null;

insert into wrong_row by name
select s.*
from {staged} as s
join (select distinct file_id, line from wrong) as w
  on w.file_id = s.file_id
  and w.line = s.line;
