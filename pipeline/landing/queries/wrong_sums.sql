-- one row is a file whose rows or results do not add up
-- Results are counted once more in the rows themselves: those that stand, and those set aside.
-- A refused file has no rows here; all that were counted in it are rejected with it.
select
  f.file_id,
  f.rows_read || ' rows read, ' || f.rows_loaded || ' loaded, ' || f.rows_rejected || ' rejected, '
    || f.rows_skipped || ' skipped; ' || f.results_read || ' results read, ' || f.results_loaded
    || ' loaded, ' || f.results_superseded || ' superseded, ' || f.results_rejected || ' rejected, '
    || f.results_skipped || ' skipped' as sums
from landing.export_file as f
left join (
  select file_id, count(*) filter (where of_result) as results
  from landing.export_item
  group by file_id
) as r
  on r.file_id = f.file_id
left join (
  select file_id, sum(results) as results
  from landing.rejected_row
  where rule_code in ('row_shared_upn', 'row_ambiguous_pupil')
  group by file_id
) as a
  on a.file_id = f.file_id
where f.rows_read <> f.rows_loaded + f.rows_rejected + f.rows_skipped
  or f.results_read
    <> f.results_loaded + f.results_superseded + f.results_rejected + f.results_skipped
  or coalesce(r.results, 0)
    <> f.results_loaded + f.results_superseded + coalesce(a.results, 0)
order by f.file_id
