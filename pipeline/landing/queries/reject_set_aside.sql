-- rows that may be two pupils' are rejected, with the names that their school has for both
insert into landing.rejected_row by name
with
  candidates as (
    select distinct s.candidate_1 as candidate, r.school_id
    from core.set_aside_row as s
    join core.loaded_pupil as r
      on r.file_id = s.file_id
      and r.line = s.line
    union
    select distinct s.candidate_2, r.school_id
    from core.set_aside_row as s
    join core.loaded_pupil as r
      on r.file_id = s.file_id
      and r.line = s.line
  ),
  -- a candidate is a pupil, or the place of a row that is nobody's yet
  told as (
    select c.candidate, c.school_id, r.term_no, r.place, r.forename, r.surname, r.admission_number
    from candidates as c
    join core.identified_pupil as r
      on r.pupil_id = c.candidate
      and r.school_id = c.school_id
    union all
    select c.candidate, c.school_id, r.term_no, r.place, r.forename, r.surname, r.admission_number
    from candidates as c
    join core.loaded_pupil as r
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
  count(*) filter (where i.of_result) as results,
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
join landing.export_item as i
  on i.file_id = s.file_id
  and i.line = s.line
join core.loaded_pupil as r
  on r.file_id = i.file_id
  and r.line = i.pupil_line
  and r.item = i.pupil_item
left join called as one
  on one.candidate = s.candidate_1
  and one.school_id = r.school_id
left join called as two
  on two.candidate = s.candidate_2
  and two.school_id = r.school_id
group by s.file_id, s.line, s.column_name, s.rule_code, s.reason;
