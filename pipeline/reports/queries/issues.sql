-- one row is something to mend in the data of the school and term, the gravest first.
select
  rule.severity,
  rule.owner,
  issue.message,
  issue.fix,
  issue.subject,
  issue.line,
  file.file_name,
  issue.pupil_id,
  pupil.forename,
  pupil.surname,
  enrolment.admission_number
from accuracy.issue as issue
inner join accuracy.rule as rule
  on rule.rule_code = issue.rule_code
inner join reference.term as term
  on term.academic_year = issue.academic_year
  and term.term = issue.term
left join landing.export_file as file
  on file.file_id = issue.file_id
left join core.pupil as pupil
  on pupil.pupil_id = issue.pupil_id
left join core.enrolment as enrolment
  on enrolment.pupil_id = issue.pupil_id
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
