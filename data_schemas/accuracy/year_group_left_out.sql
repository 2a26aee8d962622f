-- one row is a year group of the term before that is missing from the files of this one
-- code = "year_group_left_out"
-- title = "Each year group of the term before is on the roll"
-- severity = "warning"
-- level = "school"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "{found} was on roll the term before ({detail}), and no pupil of it is in this term's files."
-- several = "{count} year groups that were on roll the term before are missing from this term's files."
-- fix = "Export again with the year group. If the school no longer has it, there is nothing to do."
-- why = "A year group that is missing from the export is watched by nobody."
-- least = { pupils = 5 }
with
  by_year_group as (
    select
      e.school_id,
      e.term_no,
      e.year_group,
      count(*) as pupils
    from core.enrolment as e
    join reference.year_group as y
      on y.year_group = e.year_group
    where e.on_roll
      and y.position >= 0
    group by e.school_id, e.term_no, e.year_group
  ),
  received as (
    select distinct school_id, academic_year, term, term_no
    from core.enrolment
  ),
  beside as (
    select
      *,
      lag(term_no) over (partition by school_id order by term_no) as term_no_before
    from received
  ),
  -- a school that sends one cohort only has another year group each year
  in_both as (
    select distinct t.school_id, t.term_no
    from beside as t
    join by_year_group as b
      on b.school_id = t.school_id
      and b.term_no = t.term_no_before
    join by_year_group as n
      on n.school_id = t.school_id
      and n.term_no = t.term_no
      and n.year_group = b.year_group
  )
select
  t.school_id,
  t.academic_year,
  t.term,
  case when b.year_group = 'R' then 'Reception' else 'Year ' || b.year_group end as found,
  cast(b.pupils as varchar) || ' pupils' as detail
from beside as t
join in_both as i
  on i.school_id = t.school_id
  and i.term_no = t.term_no
join by_year_group as b
  on b.school_id = t.school_id
  and b.term_no = t.term_no_before
left join by_year_group as n
  on n.school_id = t.school_id
  and n.term_no = t.term_no
  and n.year_group = b.year_group
where t.term_no - t.term_no_before <= 3
  and b.pupils >= $pupils
  and n.school_id is null
