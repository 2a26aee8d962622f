-- one row is a pupil, subject and assessment with two outcomes in one file
-- code = "two_results"
-- title = "A file gives one outcome for a pupil, subject and assessment"
-- severity = "error"
-- level = "row"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "The file holds two different outcomes for this pupil, subject and assessment, on the same day."
-- several = "{count} times a file holds two different outcomes for one pupil, subject and assessment on the same day."
-- fix = "Delete the wrong one, or give the two different dates of assessment."
-- why = "Only one outcome can decide, and the program cannot know which is meant."
with
  repeated as (
    select distinct
      pupil_id,
      school_id,
      term_no,
      subject,
      scale,
      assessment_kind,
      assessment
    from core.result
    where attempt > 1
  ),
  compared as (
    select
      r.*,
      coalesce(r.outcome, nullif(trim(r.outcome_as_sent), '')) as told
    from core.result as r
    join repeated as t
      on t.pupil_id = r.pupil_id
      and t.school_id = r.school_id
      and t.term_no = r.term_no
      and t.subject = r.subject
      and t.scale = r.scale
      and t.assessment_kind = r.assessment_kind
      and t.assessment = r.assessment
  )
select
  c.school_id,
  c.academic_year,
  c.term,
  c.subject,
  max(x.class_name) as class_name,
  c.pupil_id,
  c.file_id,
  max(c.line) as line,
  'outcome' as column_name
from compared as c
join landing.export_row as x
  on x.file_id = c.file_id
  and x.line = c.line
  and x.item = c.item
group by
  c.school_id, c.academic_year, c.term, c.subject, c.pupil_id, c.file_id, c.scale,
  c.assessment_kind, c.assessment, c.assessment_date
having count(distinct c.told) > 1
