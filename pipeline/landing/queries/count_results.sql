-- results of each file: current, replaced by a later file, rejected or skipped; and rows that may be
-- two pupils', which counted as loaded and now are rejected, or the other way round
create or replace temp table rejected_before as
select file_id, count(*) as lines
from landing.rejected_row
where rule_code in ('row_shared_upn', 'row_ambiguous_pupil')
group by file_id;

delete from landing.rejected_row
where rule_code in ('row_shared_upn', 'row_ambiguous_pupil');

insert into landing.rejected_row by name
with
  candidates as (
    select distinct s.candidate_1 as candidate, r.school_id
    from core.set_aside_row as s
    join core.loaded_row as r
      on r.file_id = s.file_id
      and r.line = s.line
    union
    select distinct s.candidate_2, r.school_id
    from core.set_aside_row as s
    join core.loaded_row as r
      on r.file_id = s.file_id
      and r.line = s.line
  ),
  -- a candidate is a pupil, or the place of a row that is nobody's yet
  told as (
    select c.candidate, c.school_id, r.term_no, r.place, r.forename, r.surname, r.admission_number
    from candidates as c
    join core.identified_row as r
      on r.pupil_id = c.candidate
      and r.school_id = c.school_id
    union all
    select c.candidate, c.school_id, r.term_no, r.place, r.forename, r.surname, r.admission_number
    from candidates as c
    join core.loaded_row as r
      on r.file_id = c.candidate // 100000000
      and r.line = c.candidate % 100000000
      and r.school_id = c.school_id
  ),
  called as (
    select
      candidate,
      school_id,
      concat_ws(
        ' ',
        arg_max(forename, row(term_no, place)) filter (where forename is not null),
        arg_max(surname, row(term_no, place)) filter (where surname is not null),
        '(admission number ' || arg_max(admission_number, row(term_no, place))
          filter (where admission_number is not null) || ')'
      ) as name
    from told
    group by candidate, school_id
  )
select
  s.file_id,
  s.line,
  count(*) filter (where r.kind = 'results') as results,
  s.column_name,
  s.rule_code,
  s.reason,
  coalesce(min(one.name), 'a pupil of another school') || ' or '
    || coalesce(min(two.name), 'a pupil of another school') as found,
  min(r.school_id) as school_id,
  min(r.academic_year) as academic_year,
  min(r.term) as term,
  min(r.upn) as upn,
  min(r.admission_number) as admission_number
from core.set_aside_row as s
join core.loaded_row as r
  on r.file_id = s.file_id
  and r.line = s.line
left join called as one
  on one.candidate = s.candidate_1
  and one.school_id = r.school_id
left join called as two
  on two.candidate = s.candidate_2
  and two.school_id = r.school_id
group by s.file_id, s.line, s.column_name, s.rule_code, s.reason;

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
