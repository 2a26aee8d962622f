-- rows that their layout passes over: blank, totals, headings again; or one result of a row
insert into passed_over
select
  file_id,
  line,
  case when aside = 'a subject that the settings do not name' then item end as of_item,
  count(*) filter (where item > 0 and aside <> 'blank row'),
  aside
from {staged}
where aside is not null
group by file_id, line, aside, of_item;
