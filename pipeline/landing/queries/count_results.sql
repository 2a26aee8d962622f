-- results of each file: current, replaced by a later file, rejected or skipped; and rows that may be
-- two pupils', which counted as loaded and now are rejected, or the other way round
update landing.export_file as f
set
  rows_loaded = f.rows_loaded + c.lines_before - c.lines_now,
  rows_rejected = f.rows_rejected - c.lines_before + c.lines_now,
  results_loaded = c.results_loaded,
  results_superseded = c.results_superseded,
  results_rejected = c.results_rejected,
  results_skipped = c.results_skipped
from (
  select
    e.file_id,
    coalesce(r.results, 0) as results_loaded,
    coalesce(h.results, 0) as results_superseded,
    coalesce(b.lines, 0) as lines_before,
    coalesce(j.lines, 0) as lines_now,
    coalesce(j.results, 0) as results_rejected,
    coalesce(s.results, 0) as results_skipped
  from landing.export_file as e
  left join (select file_id, count(*) as results from core.result group by file_id) as r
    on r.file_id = e.file_id
  left join (select file_id, count(*) as results from core.result_history group by file_id) as h
    on h.file_id = e.file_id
  left join rejected_before as b
    on b.file_id = e.file_id
  left join (
    select
      file_id,
      count(*) filter (where rule_code in ('row_shared_upn', 'row_ambiguous_pupil')) as lines,
      sum(results) as results
    from landing.rejected_row
    group by file_id
  ) as j
    on j.file_id = e.file_id
  left join (select file_id, sum(results) as results from landing.skipped_row group by file_id) as s
    on s.file_id = e.file_id
) as c
where c.file_id = f.file_id
  and f.status <> 'refused';

drop table rejected_before;
