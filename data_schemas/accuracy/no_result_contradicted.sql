-- one row is a pupil and assessment for which one row gives an outcome and another says there is none
-- code = "no_result_contradicted"
-- title = "A pupil is not both absent and assessed"
-- severity = "warning"
-- level = "row"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "One row says that there is no result ({found}), another gives an outcome for the same assessment."
-- several = "{count} times one row says that there is no result and another gives an outcome for the same assessment."
-- fix = "Delete the row that is wrong and export again."
-- why = "Only one of the two can be true, and they tell different stories about the child."
with
  repeated as (
    select distinct pupil_id, school_id, term_no, subject, assessment_kind, assessment
    from core.result
    where attempt > 1
  )
select
  r.school_id,
  r.academic_year,
  r.term,
  r.subject,
  r.pupil_id,
  max(r.file_id) as file_id,
  max(case when r.outcome is null then r.line end) as line,
  'outcome' as column_name,
  max(case when r.no_result_reason <> 'blank' then r.no_result_reason end) as found
from core.result as r
join repeated as t
  on t.pupil_id = r.pupil_id
  and t.school_id = r.school_id
  and t.term_no = r.term_no
  and t.subject = r.subject
  and t.assessment_kind = r.assessment_kind
  and t.assessment = r.assessment
group by
  r.school_id, r.academic_year, r.term, r.subject, r.pupil_id, r.assessment_kind, r.assessment,
  r.assessment_date
having count(r.outcome) > 0
  and max(case when r.no_result_reason <> 'blank' then r.no_result_reason end) is not null
