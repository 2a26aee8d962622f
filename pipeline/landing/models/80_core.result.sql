-- one row is a current outcome: loaded, and replaced by no later file
-- Attempts at one assessment are numbered afterwards: few pupils have several.
select
  r.pupil_id,
  r.school_id,
  r.academic_year,
  r.term,
  r.term_no,
  r.subject,
  r.scale,
  r.assessment_kind,
  r.assessment,
  1 as attempt,
  r.assessment_date,
  r.outcome,
  r.outcome_as_sent,
  r.outcome_on_scale,
  r.no_result_reason,
  r.target,
  r.target_term,
  r.file_id,
  r.line,
  r.item
from core.identified_row as r
left join core.result_history as h
  on h.file_id = r.file_id
  and h.line = r.line
  and h.item = r.item
where r.of_result
  and h.file_id is null
