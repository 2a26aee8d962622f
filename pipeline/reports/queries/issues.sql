-- one row is something to mend in the data of the school and term, the gravest first.
-- A row that was not loaded is named by the pupil with its admission number or UPN, where one is.
-- A name is one that the school sent, or of a pupil whom no other school has had.
with
  elsewhere as (
    select distinct pupil_id
    from core.enrolment
    where school_id <> $school_id
  ),
  by_number as (
    select school_id, admission_number, min(pupil_id) as pupil_id
    from core.pupil_key
    where admission_number <> ''
    group by school_id, admission_number
  ),
  by_upn as (
    select upn, min(pupil_id) as pupil_id
    from core.pupil_key
    where upn <> ''
    group by upn
  ),
  -- several results of one row may be wrong in the same way
  rejected as (
    select
      file_id,
      line,
      rule_code,
      min(school_id) as school_id,
      min(admission_number) as admission_number,
      min(upn) as upn,
      string_agg(distinct found, ', ' order by found) as found
    from landing.rejected_row
    group by
      file_id,
      line,
      rule_code
  ),
  named as (
    select
      issue.*,
      rejected.found,
      -- a row that may be one of two pupils' is neither's; what was found names both
      case when rejected.rule_code in ('row_shared_upn', 'row_ambiguous_pupil') then null
        else coalesce(issue.pupil_id, by_number.pupil_id, by_upn.pupil_id) end as named_pupil_id
    from accuracy.issue as issue
    left join rejected
      on rejected.file_id = issue.file_id
      and rejected.line = issue.line
      and rejected.rule_code = issue.rule_code
    left join by_number
      on by_number.school_id = rejected.school_id
      and by_number.admission_number = rejected.admission_number
    left join by_upn
      on by_upn.upn = rejected.upn
  )
select
  rule.severity,
  rule.owner,
  issue.message,
  issue.fix,
  issue.subject,
  issue.line,
  file.file_name,
  issue.named_pupil_id as pupil_id,
  issue.found,
  coalesce(enrolment.forename, case when elsewhere.pupil_id is null then pupil.forename end)
    as forename,
  coalesce(enrolment.surname, case when elsewhere.pupil_id is null then pupil.surname end)
    as surname,
  enrolment.admission_number
from named as issue
inner join accuracy.rule as rule
  on rule.rule_code = issue.rule_code
inner join reference.term as term
  on term.academic_year = issue.academic_year
  and term.term = issue.term
left join landing.export_file as file
  on file.file_id = issue.file_id
left join core.pupil as pupil
  on pupil.pupil_id = issue.named_pupil_id
left join elsewhere
  on elsewhere.pupil_id = issue.named_pupil_id
left join core.enrolment as enrolment
  on enrolment.pupil_id = issue.named_pupil_id
  and enrolment.school_id = issue.school_id
  and enrolment.term_no = term.term_no
where issue.school_id = $school_id
  and term.term_no = $term_no
  and rule.severity in ('error', 'warning')
order by
  rule.severity,
  rule.owner,
  issue.rule_code,
  file.file_name,
  issue.line,
  issue.issue_key
