-- one row is a file, subject and term with scaled scores whose paper is not named
-- code = "scaled_paper_unnamed"
-- title = "The paper of a scaled score is named"
-- severity = "note"
-- level = "file"
-- owner = "data lead"
-- system = "pipeline settings"
-- counts = "result"
-- message = "Scaled scores are given without the name of the paper, so they are not compared with anything."
-- several = "{count} sets of scaled scores are given without the name of the paper, so they are not compared with anything."
-- fix = "Add the column assessment, with KS2 for the national test or the name of the practice paper."
-- why = "A scaled score of 100 is an expectation in the national test only."
select
  r.school_id,
  r.academic_year,
  r.term,
  r.subject,
  r.file_id,
  min(r.line) as line,
  'assessment' as column_name
from core.result as r
left join reference.paper as p
  on p.scale = r.scale
  and p.assessment is null
  and coalesce(p.subject, r.subject) = r.subject
  and coalesce(p.term, r.term) = r.term
where r.scale = 'scaled'
  and r.assessment = ''
  and r.outcome is not null
  and p.paper_no is null
group by r.school_id, r.academic_year, r.term, r.subject, r.file_id
