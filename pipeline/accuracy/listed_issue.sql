-- one row is something wrong that is listed: an issue that another one explains is counted there
-- An issue explains those of the rules that its own rule explains, in the same school and term
-- and in the same file, class, subject, pupil and column where it names them and the other does.
with
  explaining as (
    select
      issue.rowid as place,
      explanation.explained_code,
      issue.*
    from found_issue as issue
    join explanation
      on explanation.rule_code = issue.rule_code
  ),
  explained as (
    select
      issue.rowid as place,
      min(explaining.place) as by_place
    from found_issue as issue
    join explaining
      on explaining.explained_code = issue.rule_code
      and explaining.school_id is not distinct from issue.school_id
      and explaining.academic_year is not distinct from issue.academic_year
      and explaining.term is not distinct from issue.term
    where (explaining.file_id is null or explaining.file_id = issue.file_id)
      and (explaining.class_name is null or explaining.class_name = issue.class_name)
      and (explaining.subject is null or explaining.subject = issue.subject)
      and (explaining.pupil_id is null or explaining.pupil_id = issue.pupil_id)
      and coalesce(explaining.column_name = issue.column_name, true)
    group by issue.rowid
  ),
  counted as (
    select by_place, count(*) as issues_explained
    from explained
    group by by_place
  )
select
  issue.*,
  coalesce(counted.issues_explained, 0) as issues_explained
from found_issue as issue
left join explained
  on explained.place = issue.rowid
left join counted
  on counted.by_place = issue.rowid
where explained.place is null
