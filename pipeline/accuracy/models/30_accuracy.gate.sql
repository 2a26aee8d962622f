-- one row is a school and term: how complete and accurate its data is, and whether to rely on it.
with counted as (
  select
    outcome.school_id,
    outcome.academic_year,
    outcome.term,
    sum(case when outcome.severity = 'error' then rows_failed - rows_accepted else 0 end) as errors,
    sum(case when outcome.severity = 'warning' then rows_failed - rows_accepted else 0 end)
      as warnings,
    sum(
      case
        when outcome.severity = 'note' and rule.audience = 'fix list'
          then rows_failed - rows_accepted
        else 0
      end
    ) as notes,
    sum(case when rule.audience <> 'fix list' then rows_failed - rows_accepted else 0 end)
      as questions,
    sum(rows_accepted) as accepted
  from accuracy.outcome as outcome
  join accuracy.rule as rule
    on rule.rule_code = outcome.rule_code
  group by outcome.school_id, outcome.academic_year, outcome.term
),
-- errors beyond what their rule tolerates, and not accepted
standing as (
  select
    issue.school_id,
    issue.academic_year,
    issue.term,
    issue.pupil_id,
    issue.file_id,
    issue.line,
    issue.rule_code,
    rule.level not in ('row', 'pupil') or (issue.pupil_id is null and issue.line is null)
      as is_of_a_whole
  from accuracy.issue as issue
  join accuracy.rule as rule
    on rule.rule_code = issue.rule_code
  join accuracy.outcome as outcome
    on outcome.rule_code = issue.rule_code
    and outcome.school_id = issue.school_id
    and outcome.academic_year = issue.academic_year
    and outcome.term = issue.term
  where rule.severity = 'error'
    and rule.audience = 'fix list'
    and not issue.accepted
    and not outcome.passed
),
rejected as (
  select
    file_id,
    line,
    rule_code,
    min(admission_number) as admission_number,
    min(upn) as upn
  from landing.rejected_row
  group by file_id, line, rule_code
),
by_number as (
  select school_id, academic_year, term, admission_number, min(pupil_id) as pupil_id
  from core.enrolment
  where admission_number in (select admission_number from rejected)
  group by school_id, academic_year, term, admission_number
),
by_upn as (
  select upn, min(pupil_id) as pupil_id
  from core.pupil_key
  where upn in (select upn from rejected)
    and upn <> ''
  group by upn
),
-- a row that names nobody who is known is a pupil of its own
affected as (
  select distinct
    standing.school_id,
    standing.academic_year,
    standing.term,
    coalesce(standing.pupil_id, by_number.pupil_id, by_upn.pupil_id) as pupil_id,
    case
      when coalesce(standing.pupil_id, by_number.pupil_id, by_upn.pupil_id) is null
        then coalesce(
          rejected.admission_number,
          rejected.upn,
          concat_ws(':', standing.file_id, standing.line)
        )
    end as unknown_pupil
  from standing
  left join rejected
    on rejected.file_id = standing.file_id
    and rejected.line = standing.line
    and rejected.rule_code = standing.rule_code
  left join by_number
    on by_number.school_id = standing.school_id
    and by_number.academic_year = standing.academic_year
    and by_number.term = standing.term
    and by_number.admission_number = rejected.admission_number
  left join by_upn
    on by_upn.upn = rejected.upn
  where not standing.is_of_a_whole
),
enrolled as (
  select school_id, academic_year, term, count(*) as pupils
  from core.enrolment
  group by school_id, academic_year, term
),
wrong as (
  select
    affected.school_id,
    affected.academic_year,
    affected.term,
    count(*) as pupils_with_errors,
    sum(case when enrolment.pupil_id is null then 1 else 0 end) as not_enrolled
  from affected
  left join core.enrolment as enrolment
    on enrolment.pupil_id = affected.pupil_id
    and enrolment.school_id = affected.school_id
    and enrolment.academic_year = affected.academic_year
    and enrolment.term = affected.term
  group by affected.school_id, affected.academic_year, affected.term
),
wholes as (
  select school_id, academic_year, term, count(*) as whole_errors
  from standing
  where is_of_a_whole
  group by school_id, academic_year, term
),
-- a code such as absent says why there is no outcome; a blank does not
explained as (
  select distinct pupil_id, term_no, subject
  from core.result
  where outcome is null
    and no_result_reason not in ('blank', 'missing')
),
complete as (
  select
    due.school_id,
    due.academic_year,
    due.term,
    count(distinct due.pupil_id) as pupils_due,
    count(*) as results_due,
    sum(case when due.has_outcome then 1 else 0 end) as results_present,
    sum(case when not due.has_outcome and explained.pupil_id is not null then 1 else 0 end)
      as results_explained,
    max(case when due.has_row then 1 else 0 end) = 1 as any_sent
  from due_result as due
  left join explained
    on explained.pupil_id = due.pupil_id
    and explained.term_no = due.term_no
    and explained.subject = due.subject
  group by due.school_id, due.academic_year, due.term
),
not_loaded as (
  select school_id, academic_year, term, count(distinct row(file_id, line)) as rows_not_loaded
  from current_rejected_row
  group by school_id, academic_year, term
),
limits as (
  select
    max(case when name = 'gate.pupils_with_errors' then number end) as pupils_with_errors,
    max(case when name = 'gate.results_accounted_for' then number end) as results_accounted_for
  from reference.setting
),
judged as (
  select
    counted.school_id,
    counted.academic_year,
    counted.term,
    cast(counted.errors as bigint) as errors,
    cast(counted.warnings as bigint) as warnings,
    cast(counted.notes as bigint) as notes,
    cast(counted.questions as bigint) as questions,
    cast(counted.accepted as bigint) as accepted,
    coalesce(not_loaded.rows_not_loaded, 0) as rows_not_loaded,
    coalesce(wholes.whole_errors, 0) as whole_errors,
    cast(coalesce(enrolled.pupils, 0) + coalesce(wrong.not_enrolled, 0) as bigint)
      as pupils_checked,
    coalesce(wrong.pupils_with_errors, 0) as pupils_with_errors,
    coalesce(complete.pupils_due, 0) as pupils_due,
    coalesce(complete.results_due, 0) as results_due,
    cast(coalesce(complete.results_present, 0) as bigint) as results_present,
    cast(coalesce(complete.results_explained, 0) as bigint) as results_explained,
    -- a school that has sent no result yet is told so elsewhere, and has no share to fall short of
    not coalesce(complete.any_sent, false)
      or complete.results_present + complete.results_explained
        >= limits.results_accounted_for * complete.results_due as complete_enough,
    coalesce(wholes.whole_errors, 0) = 0
      and coalesce(wrong.pupils_with_errors, 0)
        <= limits.pupils_with_errors
          * (coalesce(enrolled.pupils, 0) + coalesce(wrong.not_enrolled, 0)) as accurate_enough
  from counted
  cross join limits
  left join wholes
    on wholes.school_id = counted.school_id
    and wholes.academic_year = counted.academic_year
    and wholes.term = counted.term
  left join enrolled
    on enrolled.school_id = counted.school_id
    and enrolled.academic_year = counted.academic_year
    and enrolled.term = counted.term
  left join wrong
    on wrong.school_id = counted.school_id
    and wrong.academic_year = counted.academic_year
    and wrong.term = counted.term
  left join complete
    on complete.school_id = counted.school_id
    and complete.academic_year = counted.academic_year
    and complete.term = counted.term
  left join not_loaded
    on not_loaded.school_id = counted.school_id
    and not_loaded.academic_year = counted.academic_year
    and not_loaded.term = counted.term
)
select
  *,
  3 * cast(substr(academic_year, 1, 4) as integer)
    + case term when 'autumn' then 0 when 'spring' then 1 else 2 end as term_no,
  complete_enough and accurate_enough as passed
from judged
order by school_id, term_no
