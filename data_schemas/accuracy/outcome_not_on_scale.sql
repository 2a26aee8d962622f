-- one row is a result whose outcome is not on its scale
-- code = "outcome_not_on_scale"
-- title = "Each outcome is on its scale"
-- severity = "error"
-- level = "row"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "The outcome is not one of the scale '{found}'; it is not compared with anything."
-- several = "{count} outcomes are not on their scale; they are not compared with anything."
-- fix = "Correct the outcome, or the scale if the outcome belongs to another one."
-- why = "An outcome that the scale does not know cannot be judged, and the pupil would drop out of the figures."
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
where not r.outcome_on_scale
  and (
    s.kind = 'ladder'
    or coalesce(
      try_cast(r.outcome as double) between coalesce(s.minimum, try_cast(r.outcome as double))
        and coalesce(s.maximum, try_cast(r.outcome as double)),
      true
    )
  )
