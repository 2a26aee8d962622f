-- dates with strokes are counted by file and column, and those that are month/day/year
insert into stroke_date
with
  dates as (
    select file_id, line, 'date_of_birth' as column_name, date_of_birth as given
    from {staged}
    where contains(date_of_birth, '/')
    union all
    select file_id, line, 'entry_date', entry_date
    from {staged}
    where contains(entry_date, '/')
    union all
    select file_id, line, 'leaving_date', leaving_date
    from {staged}
    where contains(leaving_date, '/')
    union all
    select file_id, line, 'assessment_date', assessment_date
    from {staged}
    where contains(assessment_date, '/')
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
  count(*) filter (where is_month_first),
  min(line) filter (where is_month_first),
  count(*)
from parts
group by file_id, column_name;
