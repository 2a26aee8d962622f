-- rows that cannot be loaded, or say nothing new, are set apart with the reason

-- rows that their layout passes over: blank, totals, headings again; or one result of a row
insert into passed_over
select
  file_id,
  line,
  case when aside = 'a subject that the settings do not name' then item end as of_item,
  count(*) filter (where item > 0 and aside <> 'blank row'),
  aside
from stage
where aside is not null
group by file_id, line, aside, of_item;

-- repeated rows: the same in every column as an earlier row of the file
insert into passed_over
with
  suspect as (
    select file_id, hash({all_columns}, item) as content
    from stage
    where aside is null
    group by file_id, content
    having count(*) > 1
  ),
  numbered as (
    select
      s.file_id,
      s.line,
      s.item,
      min(s.line) over (partition by s.file_id, s.item, {all_columns}) as first_line
    from stage as s
    join suspect as x
      on x.file_id = s.file_id
      and x.content = hash({all_columns}, s.item)
    where s.aside is null
  )
select
  file_id,
  line,
  item,
  case when item > 0 then 1 else 0 end,
  'the same as line ' || first_line
from numbered
where line > first_line;
{typed}

create or replace temp table wrong as
select file_id, line, item, rule_code, upn, admission_number, school_id, term_no
from typed
where rule_code is not null;

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
    ('row_pupil', false, 'upn', 'There is no UPN in the right format, no admission number, and no whole name with a date of birth.')
) as r (rule_code, of_result, column_name, reason)
  on r.rule_code = t.rule_code
join (
  select s.file_id, s.line, max(s.item) as items
  from stage as s
  join (select distinct file_id, line from wrong) as x
    on x.file_id = s.file_id
    and x.line = s.line
  group by s.file_id, s.line
) as w
  on w.file_id = t.file_id
  and w.line = t.line
group by all;
