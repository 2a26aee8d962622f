-- one row is a file, with the rows of it that were loaded, rejected and skipped
-- A row that holds several results is loaded where one of them was, else rejected where one was.
with
  several as (
    select file_id
    from landing.export_item
    group by file_id
    having max(item) > 1
    union
    select file_id
    from landing.rejected_row
    where item is not null
    union
    select file_id
    from landing.skipped_row
    where item is not null
  ),
  fate as (
    select file_id, line, 1 as outcome
    from landing.export_item
    where file_id in (select file_id from several)
    union all
    select file_id, line, 2
    from landing.rejected_row
    where file_id in (select file_id from several)
    union all
    select file_id, line, 3
    from landing.skipped_row
    where file_id in (select file_id from several)
  ),
  counted as (
    select file_id, outcome, count(*) as lines
    from (select file_id, line, min(outcome) as outcome from fate group by file_id, line)
    group by file_id, outcome
    union all
    select file_id, 1, count(*)
    from landing.export_item
    where file_id not in (select file_id from several)
    group by file_id
    union all
    select file_id, 2, count(*)
    from landing.rejected_row
    where file_id not in (select file_id from several)
    group by file_id
    union all
    select file_id, 3, count(*)
    from landing.skipped_row
    where file_id not in (select file_id from several)
    group by file_id
  )
select
  file_id,
  cast(coalesce(sum(lines) filter (where outcome = 1), 0) as bigint) as rows_loaded,
  cast(coalesce(sum(lines) filter (where outcome = 2), 0) as bigint) as rows_rejected,
  cast(coalesce(sum(lines) filter (where outcome = 3), 0) as bigint) as rows_skipped
from counted
group by file_id
