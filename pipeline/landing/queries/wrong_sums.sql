-- one row is a file whose rows or results do not add up
select
  f.file_id,
  f.rows_read || ' read, ' || f.rows_loaded || ' loaded, ' || f.rows_rejected || ' rejected, '
    || f.rows_skipped || ' skipped, ' || f.results_loaded || ' results, '
    || f.results_superseded || ' superseded' as sums
from landing.export_file as f
left join (
  select file_id, count(*) filter (where kind = 'results') as results
  from landing.export_row
  group by file_id
) as r
  on r.file_id = f.file_id
where f.status = 'loaded'
  and (
    f.rows_read <> f.rows_loaded + f.rows_rejected + f.rows_skipped
    or coalesce(r.results, 0) <> f.results_loaded + f.results_superseded
  )
