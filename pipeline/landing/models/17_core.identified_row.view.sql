-- one row is a loaded row, or result of one, with its pupil; those that may be two's are left out
select
  p.* exclude (line, item, place, not_understood, as_sent),
  i.line,
  i.item,
  i.of_result,
  i.subject,
  i.scale,
  i.assessment_kind,
  i.assessment,
  i.assessment_date,
  i.outcome_as_sent,
  i.outcome,
  i.outcome_on_scale,
  i.no_result_reason,
  i.target,
  i.target_term
from core.identified_pupil as p
join landing.export_item as i
  on i.file_id = p.file_id
  and i.pupil_line = p.line
  and i.pupil_item = p.item
