-- one row is a rule's result for a school and term that has sent something.
with present as (
  select school_id, academic_year, term
  from core.enrolment
  union
  select school_id, academic_year, term
  from landing.export_file
  where status = 'loaded'
    and school_id is not null
    and academic_year is not null
    and term is not null
  union
  select school_id, academic_year, term
  from landing.export_pupil
  union
  select school_id, academic_year, term
  from current_rejected_row
  where school_id is not null
    and academic_year is not null
    and term is not null
),
looked_at as (
  select 'row' as counts, school_id, academic_year, term, count(*) as rows_checked
  from landing.export_row as sent
  where not exists (
    select 1
    from core.set_aside_row as aside
    where aside.file_id = sent.file_id
      and aside.line = sent.line
  )
  group by school_id, academic_year, term
  union all
  select 'row' as counts, school_id, academic_year, term, count(*) as rows_checked
  from current_rejected_row
  group by school_id, academic_year, term
  union all
  select 'pupil' as counts, school_id, academic_year, term, count(*) as rows_checked
  from core.enrolment
  group by school_id, academic_year, term
  union all
  select 'result' as counts, school_id, academic_year, term, count(*) as rows_checked
  from core.result
  group by school_id, academic_year, term
  union all
  select 'due' as counts, school_id, academic_year, term, count(*) as rows_checked
  from due_result
  group by school_id, academic_year, term
),
checked as (
  select counts, school_id, academic_year, term, sum(rows_checked) as rows_checked
  from looked_at
  group by counts, school_id, academic_year, term
),
failed as (
  select
    rule_code,
    school_id,
    academic_year,
    term,
    count(*) as rows_failed,
    sum(case when accepted then 1 else 0 end) as rows_accepted
  from accuracy.issue
  group by rule_code, school_id, academic_year, term
)
select
  rule.rule_code,
  present.school_id,
  present.academic_year,
  present.term,
  rule.severity,
  cast(coalesce(checked.rows_checked, 0) as bigint) as rows_checked,
  coalesce(failed.rows_failed, 0) as rows_failed,
  cast(coalesce(failed.rows_accepted, 0) as bigint) as rows_accepted,
  coalesce(failed.rows_failed - failed.rows_accepted, 0)
    <= rule.tolerance * coalesce(checked.rows_checked, 0) as passed
from present
cross join accuracy.rule as rule
left join checked
  on checked.counts = rule.counts
  and checked.school_id = present.school_id
  and checked.academic_year = present.academic_year
  and checked.term = present.term
left join failed
  on failed.rule_code = rule.rule_code
  and failed.school_id = present.school_id
  and failed.academic_year = present.academic_year
  and failed.term = present.term
order by present.school_id, present.academic_year, present.term, rule.rule_code
