-- one row is something to mend in a row that belongs to no school and term that are known.
select
  issue.message,
  issue.fix,
  issue.line,
  file.file_name
from accuracy.issue as issue
left join landing.export_file as file
  on file.file_id = issue.file_id
left join accuracy.gate as gate
  on gate.school_id = issue.school_id
  and gate.academic_year = issue.academic_year
  and gate.term = issue.term
where gate.school_id is null
order by
  file.file_name,
  issue.line,
  issue.issue_key
