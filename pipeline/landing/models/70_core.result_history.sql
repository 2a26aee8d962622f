-- one row is an outcome that a later file replaced or a withdrawal took out, with the ledger number
-- of the one that did
-- A file replaces the results of the same pupil, school, term, subject, scale, kind and assessment;
-- a blank replaces nothing.
-- only where: select 1 from told where standing = 1 group by school_id, term_no having min(file_id) < max(file_id)
-- only where: select 1 from landing.export_file where status = 'withdrawn'
with
  several_in_term as (
    select school_id, term_no
    from told
    where standing = 1
    group by school_id, term_no
    having min(file_id) < max(file_id)
  ),
  several_files as (
    select p.school_id, p.term_no, i.subject, i.scale, i.assessment_kind, i.assessment
    from pupil_of_row as p
    join several_in_term as t
      on t.school_id = p.school_id
      and t.term_no = p.term_no
    join landing.export_item as i
      on i.file_id = p.file_id
      and i.pupil_line = p.line
      and i.pupil_item = p.item
    where i.of_result
    group by p.school_id, p.term_no, i.subject, i.scale, i.assessment_kind, i.assessment
    having min(i.file_id) < max(i.file_id)
  ),
  results as (
    select p.pupil_id, p.school_id, p.term_no, i.*
    from landing.export_item as i
    join pupil_of_row as p
      on p.file_id = i.file_id
      and p.line = i.pupil_line
      and p.item = i.pupil_item
    join several_files as s
      on s.school_id = p.school_id
      and s.term_no = p.term_no
      and s.subject = i.subject
      and s.scale = i.scale
      and s.assessment_kind = i.assessment_kind
      and s.assessment = i.assessment
    where i.of_result
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
  t.academic_year,
  t.term,
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
join reference.term as t
  on t.term_no = r.term_no
where f.replaced_by_file_id is not null
union all
select
  k.pupil_id,
  r.school_id,
  r.academic_year,
  r.term,
  r.term_no,
  i.subject,
  i.scale,
  i.assessment_kind,
  i.assessment,
  row_number() over (
    partition by
      k.pupil_id, r.school_id, r.term_no, i.subject, i.scale, i.assessment_kind, i.assessment,
      i.file_id
    order by i.assessment_date nulls last, i.line, i.item
  ) as attempt,
  i.assessment_date,
  i.outcome,
  i.outcome_as_sent,
  i.outcome_on_scale,
  i.no_result_reason,
  i.target,
  i.target_term,
  i.file_id,
  i.line,
  i.item,
  w.withdrawn_by
from core.sent_pupil as r
join landing.export_item as i
  on i.file_id = r.file_id
  and i.pupil_line = r.line
  and i.pupil_item = r.item
join landing.export_file as w
  on w.file_id = r.file_id
  and w.status = 'withdrawn'
left join core.pupil_key as k
  on k.school_id = r.school_id
  and k.upn = r.key_upn
  and k.admission_number = r.key_number
  and k.term_no = r.key_term_no
  and k.name_key = r.key_name
where i.of_result
