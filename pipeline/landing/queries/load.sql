-- rows that stood are loaded; the others are kept with their reason
insert into landing.export_row by name
select {export_row_columns}
from typed
where rule_code is null;

insert into landing.skipped_row by name
select file_id, line, item, results, reason
from passed_over;

-- school and term of a row that does not say are those of the rest of its file, if all agree
insert into landing.rejected_row by name
with
  file_says as (
    select
      file_id,
      case when min(school_id) = max(school_id) then min(school_id) end as school_id,
      case when min(term_no) = max(term_no) then min(term_no) end as term_no
    from (
      select file_id, school_id, term_no
      from landing.export_row
      where file_id in (select file_id from set_aside)
      union all
      select file_id, school_id, term_no
      from wrong
    )
    group by file_id
  ),
  -- a row has one pupil, whichever of its results is looked at, but a result has its own term
  row_says as (
    select *, row_number() over (partition by file_id, line order by item) as place
    from wrong
  ),
  row_sent as (
    select s.*
    from stage as s
    join (select distinct file_id, line from set_aside) as a
      on a.file_id = s.file_id
      and a.line = s.line
  )
select
  a.file_id,
  a.line,
  a.item,
  a.results,
  a.column_name,
  a.rule_code,
  a.reason,
  case a.rule_code
    when 'row_school' then s.school
    when 'row_term' then concat_ws(' ', s.academic_year, s.term)
    when 'row_year_group' then s.year_group
    when 'row_subject' then s.subject
    when 'row_scale' then s.scale
  end as found,
  t.upn,
  t.admission_number,
  coalesce(t.school_id, f.school_id) as school_id,
  c.academic_year,
  c.term
from set_aside as a
left join row_says as t
  on t.file_id = a.file_id
  and t.line = a.line
  and t.item = coalesce(a.item, t.item)
  and (a.item is not null or t.place = 1)
left join (
  select *, row_number() over (partition by file_id, line order by item) as place
  from row_sent
) as s
  on s.file_id = a.file_id
  and s.line = a.line
  and s.item = coalesce(a.item, s.item)
  and (a.item is not null or s.place = 1)
left join file_says as f
  on f.file_id = a.file_id
left join reference.term as c
  on c.term_no = coalesce(t.term_no, f.term_no);

-- dates such as 03/25/2017, which are not day/month/year, beside all dates with strokes
create or replace temp table month_first as
with
  dates as (
    select file_id, line, 'date_of_birth' as column_name, date_of_birth as given
    from stage
    union all
    select file_id, line, 'entry_date', entry_date
    from stage
    union all
    select file_id, line, 'leaving_date', leaving_date
    from stage
    union all
    select file_id, line, 'assessment_date', assessment_date
    from stage
  ),
  parts as (
    select
      file_id,
      line,
      column_name,
      cast(split_part(given, '/', 1) as integer) between 1 and 12
        and cast(split_part(given, '/', 2) as integer) > 12 as is_month_first
    from dates
    where regexp_matches(given, '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}')
  )
select
  file_id,
  column_name,
  count(*) filter (where is_month_first) as rows_month_first,
  min(line) filter (where is_month_first) as first_line,
  count(*) as rows_with_strokes
from parts
group by file_id, column_name
having count(*) filter (where is_month_first) > 0;
