-- rows that could not be loaded, or say nothing, are kept with their reason

-- what is wrong with a row is said once, what is wrong with one of its results for that result
insert into set_aside
select
  t.file_id,
  t.line,
  case when r.of_result and w.items > 1 then t.item end as item,
  count(*) filter (where t.item > 0) as results,
  r.column_name,
  t.rule_code,
  r.reason
from wrong as t
join (
  values
    ('row_school', false, 'school', 'The school is blank or not a URN (6 digits) or LAESTAB (7 digits).'),
    ('row_term', true, 'term', 'The academic year is not one such as 2025-26, or the term is not autumn, spring or summer.'),
    ('row_year_group', false, 'year_group', 'The year group is blank or not one of N1, N2, R, 1 to 14.'),
    ('row_subject', true, 'subject', 'The subject is blank or not one that the settings name.'),
    ('row_scale', true, 'scale', 'The scale is blank or not one that is known.'),
    ('row_outcome', true, 'outcome', 'The text in the place of the outcome is too long to be one.'),
    ('row_columns', false, null, 'A result stands under no heading, and a cell before it is blank: the row seems to be shifted to the right.'),
    ('row_pupil', false, 'upn', 'There is no UPN in the right format, no admission number, and no whole name with a date of birth.')
) as r (rule_code, of_result, column_name, reason)
  on r.rule_code = t.rule_code
join (
  select file_id, line, max(item) as items
  from wrong_row
  group by file_id, line
) as w
  on w.file_id = t.file_id
  and w.line = t.line
group by all;

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
      from landing.export_pupil
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
  from wrong_row
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
select
  file_id,
  column_name,
  cast(sum(rows_month_first) as bigint) as rows_month_first,
  min(first_line) as first_line,
  cast(sum(rows_with_strokes) as bigint) as rows_with_strokes
from stroke_date
group by file_id, column_name
having sum(rows_month_first) > 0;
