-- one row is an outcome that a later file replaced or a withdrawal took out, with the ledger number
-- of the one that did
-- A file replaces the results of the same pupil, school, term, subject, scale, kind and assessment;
-- a blank replaces nothing.
with
  several_files as (
    select school_id, term_no, subject, scale, assessment_kind, assessment
    from core.loaded_row
    where kind = 'results'
    group by school_id, term_no, subject, scale, assessment_kind, assessment
    having min(file_id) < max(file_id)
  ),
  results as (
    select r.*
    from core.identified_row as r
    join several_files as s
      on s.school_id = r.school_id
      and s.term_no = r.term_no
      and s.subject = r.subject
      and s.scale = r.scale
      and s.assessment_kind = r.assessment_kind
      and s.assessment = r.assessment
    where r.kind = 'results'
  ),
  sent as (
    select
      pupil_id, school_id, term_no, subject, scale, assessment_kind, assessment, file_id,
      bool_or(coalesce(no_result_reason, '') <> 'blank') as says_something
    from results
    group by pupil_id, school_id, term_no, subject, scale, assessment_kind, assessment, file_id
  ),
  followed as (
    select
      *,
      lead(file_id) over (
        partition by pupil_id, school_id, term_no, subject, scale, assessment_kind, assessment
        order by says_something, file_id
      ) as replaced_by_file_id
    from sent
  )
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
  row_number() over (
    partition by
      r.pupil_id, r.school_id, r.term_no, r.subject, r.scale, r.assessment_kind, r.assessment,
      r.file_id
    order by r.assessment_date nulls last, r.line, r.item
  ) as attempt,
  r.assessment_date,
  r.outcome,
  r.outcome_as_sent,
  r.outcome_on_scale,
  r.no_result_reason,
  r.target,
  r.target_term,
  r.file_id,
  r.line,
  r.item,
  f.replaced_by_file_id
from results as r
join followed as f
  on f.pupil_id = r.pupil_id
  and f.school_id = r.school_id
  and f.term_no = r.term_no
  and f.subject = r.subject
  and f.scale = r.scale
  and f.assessment_kind = r.assessment_kind
  and f.assessment = r.assessment
  and f.file_id = r.file_id
where f.replaced_by_file_id is not null
union all
select
  k.pupil_id,
  r.school_id,
  r.academic_year,
  r.term,
  r.term_no,
  r.subject,
  r.scale,
  r.assessment_kind,
  r.assessment,
  row_number() over (
    partition by
      k.pupil_id, r.school_id, r.term_no, r.subject, r.scale, r.assessment_kind, r.assessment,
      r.file_id
    order by r.assessment_date nulls last, r.line, r.item
  ) as attempt,
  r.assessment_date,
  r.outcome,
  r.outcome_as_sent,
  r.outcome_on_scale,
  r.no_result_reason,
  r.target,
  r.target_term,
  r.file_id,
  r.line,
  r.item,
  w.withdrawn_by
from core.sent_row as r
join landing.export_file as w
  on w.file_id = r.file_id
  and w.status = 'withdrawn'
left join core.pupil_key as k
  on k.school_id = r.school_id
  and k.upn = r.key_upn
  and k.admission_number = r.key_number
  and k.term_no = r.key_term_no
  and k.name_key = r.key_name
where r.kind = 'results'
