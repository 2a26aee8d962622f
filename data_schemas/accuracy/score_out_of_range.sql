-- one row is a result whose score is outside the range of its scale
-- code = "score_out_of_range"
-- title = "Each score is in the range of its scale"
-- severity = "error"
-- level = "row"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "The score is outside the range of the scale '{found}'; it is not compared with anything."
-- several = "{count} scores are outside the range of their scale; they are not compared with anything."
-- fix = "Correct the score; often a digit is doubled, or the mark stands in the place of the score."
-- why = "One score of 1010 outweighs a whole class in an average."
select
  r.school_id,
  r.academic_year,
  r.term,
  r.subject,
  x.class_name,
  r.pupil_id,
  r.file_id,
  r.line,
  'outcome' as column_name,
  r.scale as found
from core.result as r
join reference.scale as s
  on s.scale = r.scale
join landing.export_row as x
  on x.file_id = r.file_id
  and x.line = r.line
  and x.item = r.item
where s.kind <> 'ladder'
  and not r.outcome_on_scale
  and (
    try_cast(r.outcome as double) < s.minimum
    or try_cast(r.outcome as double) > s.maximum
  )
