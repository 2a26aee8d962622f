-- rows that are the same in every column as an earlier row of the file are passed over
create or replace temp table repeat as
with
  suspect as (
    select c.file_id, c.line, c.item, c.content
    from row_content as c
    join (
      select file_id, content
      from row_content
      group by file_id, content
      having count(*) > 1
    ) as s
      on s.file_id = c.file_id
      and s.content = c.content
  ),
  -- what was read of two rows with one fingerprint, and what was sent where it was not understood
  numbered as (
    select
      r.file_id,
      r.line,
      r.item,
      min(r.line) over (
        partition by s.content, {read_columns}
      ) as first_line
    from landing.export_row as r
    join suspect as s
      on s.file_id = r.file_id
      and s.line = r.line
      and s.item = r.item
    union all
    select
      w.file_id,
      w.line,
      w.item,
      min(w.line) over (partition by w.file_id, w.item, {all_columns})
    from wrong_row as w
    join suspect as s
      on s.file_id = w.file_id
      and s.line = w.line
      and s.item = w.item
    where w.aside is null
      and exists (
        select 1
        from wrong as x
        where x.file_id = w.file_id
          and x.line = w.line
          and x.item = w.item
      )
  )
select file_id, line, item, first_line
from numbered
where line > first_line;

insert into passed_over
select
  file_id,
  line,
  item,
  case when item > 0 then 1 else 0 end,
  'the same as line ' || first_line
from repeat;

delete from landing.export_item as r
using repeat as x
where x.file_id = r.file_id
  and x.line = r.line
  and x.item = r.item;

delete from wrong as w
using repeat as x
where x.file_id = w.file_id
  and x.line = w.line
  and x.item = w.item;

drop table repeat;
