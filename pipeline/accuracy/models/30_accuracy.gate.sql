-- one row is a school and term: whether its data may be relied on.
with judged as (
  select
    school_id,
    academic_year,
    term,
    sum(case when severity = 'error' then rows_failed else 0 end) as errors,
    sum(case when severity = 'warning' then rows_failed else 0 end) as warnings,
    sum(case when severity = 'note' then rows_failed else 0 end) as notes
  from accuracy.outcome
  group by school_id, academic_year, term
),
complete as (
  select
    school_id,
    academic_year,
    term,
    count(distinct pupil_id) as pupils_due,
    count(*) as results_due,
    sum(case when has_outcome then 1 else 0 end) as results_present
  from due_result
  group by school_id, academic_year, term
)
select
  judged.school_id,
  judged.academic_year,
  judged.term,
  3 * cast(substr(judged.academic_year, 1, 4) as integer)
    + case judged.term when 'autumn' then 0 when 'spring' then 1 else 2 end as term_no,
  cast(judged.errors as bigint) as errors,
  cast(judged.warnings as bigint) as warnings,
  cast(judged.notes as bigint) as notes,
  coalesce(complete.pupils_due, 0) as pupils_due,
  coalesce(complete.results_due, 0) as results_due,
  cast(coalesce(complete.results_present, 0) as bigint) as results_present,
  judged.errors = 0 as passed
from judged
left join complete
  on complete.school_id = judged.school_id
  and complete.academic_year = judged.academic_year
  and complete.term = judged.term
order by judged.school_id, term_no
