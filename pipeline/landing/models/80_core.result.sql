-- one row is a current outcome: loaded, and replaced by no later file
-- Attempts at one assessment are numbered afterwards: few pupils have several.
select
  p.pupil_id,
  p.school_id,
  t.academic_year,
  t.term,
  p.term_no,
  i.subject,
  i.scale,
  i.assessment_kind,
  i.assessment,
  1 as attempt,
  i.assessment_date,
  i.outcome,
  i.outcome_as_sent,
  i.outcome_on_scale,
  i.no_result_reason,
  i.target,
  i.target_term,
  i.file_id,
  i.line,
  i.item
from landing.export_item as i
join pupil_of_row as p
  on p.file_id = i.file_id
  and p.line = i.pupil_line
  and p.item = i.pupil_item
join reference.term as t
  on t.term_no = p.term_no
left join core.result_history as h
  on h.file_id = i.file_id
  and h.line = i.line
  and h.item = i.item
where i.of_result
  and h.file_id is null
