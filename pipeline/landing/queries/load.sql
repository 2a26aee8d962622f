-- rows that stood are loaded; the others are kept with their reason
insert into landing.export_row by name
select {export_row_columns}
from typed
where rule_code is null;

insert into landing.skipped_row
select file_id, line, reason
from passed_over;

-- school and term of a row that does not say are those of the rest of its file, if all agree
insert into landing.rejected_row by name
with
  file_says as (
    select
      file_id,
      case when min(school_id) = max(school_id) then min(school_id) end as school_id,
      case when min(term_no) = max(term_no) then min(term_no) end as term_no
    from typed
    group by file_id
  )
select
  a.file_id,
  a.line,
  a.column_name,
  a.rule_code,
  a.reason,
  coalesce(t.school_id, f.school_id) as school_id,
  c.academic_year,
  c.term
from set_aside as a
left join typed as t
  on t.file_id = a.file_id
  and t.line = a.line
left join file_says as f
  on f.file_id = a.file_id
left join reference.term as c
  on c.term_no = coalesce(t.term_no, f.term_no);
