-- one row is something found in the data of the school and term; what unblocks most comes first.
-- A row that was not loaded is named by the pupil with its admission number or UPN, where one is.
-- A name is one that the school sent, or of a pupil whom no other school has had. What looks like
-- a UPN is never shown. It is new where no check before that of the latest file found it.
with
  elsewhere as (
    select pupil_id
    from core.enrolment
    where school_id <> $school_id
    union
    select pupil_id
    from core.result
    where school_id <> $school_id
  ),
  own as (
    select
      pupil_id,
      arg_max(forename, term_no) as forename,
      arg_max(surname, term_no) as surname,
      arg_max(admission_number, term_no) as admission_number
    from core.enrolment
    where school_id = $school_id
      and term_no <= $term_no
    group by pupil_id
  ),
  -- what the school itself wrote in the row of the pupil
  wrote as (
    select
      row_sent.file_id,
      row_sent.line,
      min(sent.forename) as forename,
      min(sent.surname) as surname,
      min(sent.admission_number) as admission_number
    from landing.export_item as row_sent
    inner join accuracy.issue as issue
      on issue.file_id = row_sent.file_id
      and issue.line = row_sent.line
    inner join landing.export_pupil as sent
      on sent.file_id = row_sent.file_id
      and sent.line = row_sent.pupil_line
      and sent.item = row_sent.pupil_item
    where issue.school_id = $school_id
      and issue.pupil_id is not null
      and sent.school_id = $school_id
    group by row_sent.file_id, row_sent.line
  ),
  -- the run that took in the school's latest file
  arrival as (
    select max(run_id) as run_id
    from audit.run
    where substr(run_id, 1, 15) <= strftime(cast($received_at as timestamp), '%Y%m%dT%H%M%S')
  ),
  first_check as (
    select history.academic_year, history.term, min(history.run_id) as run_id
    from audit.verdict_history as history
    where history.school_id = $school_id
    group by history.academic_year, history.term
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
      regexp_replace(
        string_agg(distinct found, ', ' order by found),
        '[A-Za-z][0-9]{11}[0-9A-Za-z]',
        '(a UPN)',
        'g'
      ) as found
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
      rejected.rule_code is not null as not_loaded,
      rejected.admission_number as sent_number,
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
  issue.issue_key,
  issue.rule_code,
  rule.title,
  rule.severity,
  rule.audience,
  rule.owner,
  rule.system,
  rule.several,
  issue.message,
  issue.fix,
  issue.subject,
  coalesce(enrolment.class_name, issue.class_name) as class_name,
  issue.line,
  issue.file_id,
  file.file_name,
  issue.named_pupil_id as pupil_id,
  issue.found,
  coalesce(
    enrolment.forename,
    own.forename,
    wrote.forename,
    case when elsewhere.pupil_id is null then pupil.forename end
  ) as forename,
  coalesce(
    enrolment.surname,
    own.surname,
    wrote.surname,
    case when elsewhere.pupil_id is null then pupil.surname end
  ) as surname,
  regexp_replace(
    coalesce(
      enrolment.admission_number,
      own.admission_number,
      wrote.admission_number,
      issue.sent_number
    ),
    '[A-Za-z][0-9]{11}[0-9A-Za-z]',
    '(a UPN)',
    'g'
  ) as admission_number,
  issue.not_loaded,
  issue.first_run,
  coalesce(
    issue.first_run > first_check.run_id
      and issue.first_run >= arrival.run_id,
    false
  ) as is_new,
  issue.accepted,
  entry.until,
  entry.reason
from named as issue
inner join accuracy.rule as rule
  on rule.rule_code = issue.rule_code
inner join reference.term as term
  on term.academic_year = issue.academic_year
  and term.term = issue.term
cross join arrival
inner join accuracy.outcome as outcome
  on outcome.rule_code = issue.rule_code
  and outcome.school_id = issue.school_id
  and outcome.academic_year = issue.academic_year
  and outcome.term = issue.term
left join first_check
  on first_check.academic_year = issue.academic_year
  and first_check.term = issue.term
left join reference.accepted_issue as entry
  on entry.accepted_no = issue.accepted_no
left join landing.export_file as file
  on file.file_id = issue.file_id
left join core.pupil as pupil
  on pupil.pupil_id = issue.named_pupil_id
left join elsewhere
  on elsewhere.pupil_id = issue.named_pupil_id
left join own
  on own.pupil_id = issue.named_pupil_id
left join wrote
  on wrote.file_id = issue.file_id
  and wrote.line = issue.line
  and issue.pupil_id is not null
left join core.enrolment as enrolment
  on enrolment.pupil_id = issue.named_pupil_id
  and enrolment.school_id = issue.school_id
  and enrolment.term_no = term.term_no
where issue.school_id = $school_id
  and term.term_no = $term_no
order by
  issue.accepted,
  case rule.severity
    when 'error' then 1
    when 'warning' then 2
    else 3
  end,
  outcome.passed,
  case
    when rule.level in ('file', 'class', 'school') then 1
    when issue.not_loaded then 2
    else 3
  end,
  sum(1 + issue.issues_explained) over (
    partition by issue.accepted, issue.rule_code, issue.file_id
  ) desc,
  issue.rule_code,
  file.file_name,
  issue.line,
  issue.issue_key
