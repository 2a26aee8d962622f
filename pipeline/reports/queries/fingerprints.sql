-- one row is a school, with a fingerprint of all that its pages of the term say of its pupils.
-- Points are rounded, because the last digits of a sum may differ from run to run.
with several_schools as (
  select pupil_id
  from core.enrolment
  group by pupil_id
  having count(distinct school_id) > 1
),
members as (
  select
    enrolment.*,
    case when several_schools.pupil_id is null then pupil.surname end as only_surname,
    case when several_schools.pupil_id is null then pupil.forename end as only_forename
  from core.enrolment as enrolment
  inner join core.pupil as pupil
    on pupil.pupil_id = enrolment.pupil_id
  left join several_schools
    on several_schools.pupil_id = enrolment.pupil_id
  where enrolment.term_no = $term_no
),
said as (
  select
    school_id,
    cast(row(
      'pupil', pupil_id, on_roll, admission_number, coalesce(surname, only_surname),
      coalesce(forename, only_forename), year_group, class_name, teacher, team, sex,
      pupil_premium, sen, eal, expectation
    ) as varchar) as sentence
  from members
  union all
  select
    school_id,
    cast(row(
      'status', pupil_id, subject, status, attainment_status, progress_status, change,
      assessments_differ, new_to_school, new_to_english, own_steps, at_higher, earlier_band
    ) as varchar) as sentence
  from progress.status
  where term_no = $term_no
  union all
  select
    school_id,
    cast(row(
      'bridge', pupil_id, subject, pupils, place_then, level_then, place_now, level_now
    ) as varchar) as sentence
  from progress.bridge
  where term_no = $term_no
  union all
  select
    school_id,
    cast(row('good level', pupil_id, goals, goals_known, good_level) as varchar) as sentence
  from progress.good_level
  where term_no = $term_no
  union all
  select
    members.school_id,
    cast(row(
      'result', attainment.pupil_id, attainment.term_no, attainment.subject, attainment.scale,
      attainment.assessment_kind, attainment.assessment, attainment.attempt, attainment.decides,
      attainment.outcome, attainment.no_result_reason, attainment.target, attainment.target_term,
      round(attainment.points, 6), attainment.flag_points, attainment.expected_outcome,
      attainment.terms_behind, attainment.steps_under, attainment.standard_error,
      attainment.attainment_status
    ) as varchar) as sentence
  from progress.attainment as attainment
  inner join members
    on members.pupil_id = attainment.pupil_id
    and members.on_roll
  left join progress.venn_subject as ring
    on ring.pupil_id = attainment.pupil_id
    and ring.subject = attainment.subject
    and ring.term_no = $term_no
  where attainment.seen
    and attainment.term_no between $term_no - 2 and $term_no
    and attainment.term_no in ($term_no, ring.from_term_no)
  union all
  select
    members.school_id,
    cast(row(
      'flag', flag.pupil_id, flag.term_no, flag.subject, flag.reason, flag.certainty_band,
      flag.certainty is null, round(flag.certainty, 2), flag.expected, round(flag.baseline, 6),
      flag.baseline_term_no
    ) as varchar) as sentence
  from progress.flag as flag
  inner join members
    on members.pupil_id = flag.pupil_id
    and members.on_roll
  where flag.term_no between $term_no - 2 and $term_no
  union all
  select
    members.school_id,
    cast(row(
      'growth', growth.pupil_id, growth.subject, growth.percentile, growth.lowest, growth.highest,
      growth.norm_pupils
    ) as varchar) as sentence
  from progress.growth as growth
  inner join members
    on members.pupil_id = growth.pupil_id
    and members.on_roll
  where growth.term_no = $term_no
  union all
  select
    school_id,
    cast(row(
      'diagram', pupil_id, subject, ring, on_track, from_term_no
    ) as varchar) as sentence
  from progress.venn_subject
  where term_no = $term_no
  union all
  select
    school_id,
    cast(row('place', pupil_id, rings, subjects_known, region) as varchar) as sentence
  from progress.venn
  where term_no = $term_no
  union all
  select
    school_id,
    cast(row('risk', pupil_id, subject, basis, round(risk, 2)) as varchar) as sentence
  from progress.risk
  where term_no = $term_no
  union all
  select
    school_id,
    cast(row(
      'earlier', term_no, subject, measure, own_steps_pupils, missing, known, pupils
    ) as varchar) as sentence
  from progress.pattern
  where term_no < $term_no
    and grouped_by = 'school'
  union all
  select
    school_id,
    cast(row(
      'caution', caution_code, year_group, subject, scale, pupils, of_pupils
    ) as varchar) as sentence
  from progress.caution
  where term_no = $term_no
  union all
  select
    school_id,
    cast(row(
      'gate', term_no, errors, warnings, notes, questions, accepted, whole_errors, pupils_checked,
      pupils_with_errors, pupils_due, results_due, results_present, results_explained, passed
    ) as varchar) as sentence
  from accuracy.gate
  where term_no <= $term_no
  union all
  select
    outcome.school_id,
    cast(row(
      'rule', outcome.rule_code, outcome.severity, outcome.rows_checked, outcome.rows_failed,
      outcome.rows_accepted
    ) as varchar) as sentence
  from accuracy.outcome as outcome
  inner join reference.term as term
    on term.academic_year = outcome.academic_year
    and term.term = outcome.term
  where term.term_no = $term_no
    and outcome.rows_failed > 0
  union all
  select
    issue.school_id,
    cast(row(
      'issue', issue.rule_code, issue.subject, issue.pupil_id, file.file_name, issue.line,
      issue.message, issue.fix, rejected.found, entry.until, entry.reason, issue.accepted
    ) as varchar) as sentence
  from accuracy.issue as issue
  left join reference.accepted_issue as entry
    on entry.accepted_no = issue.accepted_no
  inner join reference.term as term
    on term.academic_year = issue.academic_year
    and term.term = issue.term
  left join landing.export_file as file
    on file.file_id = issue.file_id
  left join landing.rejected_row as rejected
    on rejected.file_id = issue.file_id
    and rejected.line = issue.line
    and rejected.rule_code = issue.rule_code
  where term.term_no = $term_no
  union all
  select
    history.school_id,
    cast(row('mended', history.issue_key, history.mended_run) as varchar) as sentence
  from audit.issue_history as history
  inner join reference.term as term
    on term.academic_year = history.academic_year
    and term.term = history.term
  where term.term_no = $term_no
    and history.mended_run is not null
  union all
  select
    rejected.school_id,
    cast(row(
      'not loaded', rejected.line, rejected.admission_number, rejected.upn
    ) as varchar) as sentence
  from landing.rejected_row as rejected
  inner join reference.term as term
    on term.academic_year = rejected.academic_year
    and term.term = rejected.term
  inner join landing.export_file as file
    on file.file_id = rejected.file_id
  where term.term_no = $term_no
    and (file.layout like 'standard-roll%' or file.layout like 'pupil-list%')
    and file.status = 'loaded'
    and (
      file.rows_loaded = 0
      or exists (
        select 1
        from core.enrolment as standing
        where standing.file_id = file.file_id
      )
    )
)
select
  school_id,
  sha256(string_agg(md5(sentence), chr(10) order by md5(sentence))) as fingerprint
from said
where school_id is not null
group by school_id
order by school_id
