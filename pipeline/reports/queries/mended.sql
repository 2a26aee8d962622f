-- one row is something that an earlier check found in the school's data of the term, and none does now.
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
  -- the run that took in the school's latest file
  arrival as (
    select max(run_id) as run_id
    from audit.run
    where substr(run_id, 1, 15) <= strftime(cast($received_at as timestamp), '%Y%m%dT%H%M%S')
  )
select
  history.issue_key,
  rule.title,
  rule.severity,
  rule.owner,
  history.message,
  history.subject,
  history.line,
  file.file_name,
  history.pupil_id,
  coalesce(own.forename, case when elsewhere.pupil_id is null then pupil.forename end) as forename,
  coalesce(own.surname, case when elsewhere.pupil_id is null then pupil.surname end) as surname,
  own.admission_number,
  history.first_run,
  history.mended_run,
  coalesce(history.mended_run >= arrival.run_id, false) as with_latest
from audit.issue_history as history
inner join accuracy.rule as rule
  on rule.rule_code = history.rule_code
cross join arrival
inner join reference.term as term
  on term.academic_year = history.academic_year
  and term.term = history.term
left join landing.export_file as file
  on file.file_id = history.file_id
left join core.pupil as pupil
  on pupil.pupil_id = history.pupil_id
left join elsewhere
  on elsewhere.pupil_id = history.pupil_id
left join own
  on own.pupil_id = history.pupil_id
where history.school_id = $school_id
  and term.term_no = $term_no
  and history.mended_run is not null
  and rule.audience = 'fix list'
order by
  history.mended_run desc,
  case rule.severity
    when 'error' then 1
    when 'warning' then 2
    else 3
  end,
  history.rule_code,
  file.file_name,
  history.line,
  history.issue_key
