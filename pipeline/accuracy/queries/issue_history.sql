-- what this run found again, found for the first time, and found no longer
update audit.issue_history as history
set
  class_name = issue.class_name,
  pupil_id = issue.pupil_id,
  file_id = issue.file_id,
  line = issue.line,
  message = issue.message,
  last_run = issue.last_run,
  mended_run = null
from accuracy.issue as issue
where issue.issue_key = history.issue_key;

insert into audit.issue_history by name
select
  issue.issue_key,
  issue.rule_code,
  issue.school_id,
  issue.academic_year,
  issue.term,
  issue.subject,
  issue.class_name,
  issue.pupil_id,
  issue.file_id,
  issue.line,
  issue.message,
  issue.first_run,
  issue.last_run
from accuracy.issue as issue
left join audit.issue_history as history
  on history.issue_key = issue.issue_key
where history.issue_key is null;

-- what is not looked for any more has not been mended by anybody
delete from audit.issue_history
where rule_code not in (select rule_code from accuracy.rule);

update audit.issue_history
set mended_run = (select run_id from this_run)
where mended_run is null
  and last_run <> (select run_id from this_run);
