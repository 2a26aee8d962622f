-- one row is a result beside the pupil's latest earlier one in the subject, on the scale, of the kind
-- Of several in a term it is the last. `z` compares with all who sat the same assessment in the
-- year group and term, so that papers of different difficulty may be compared.
with
  seen_again as (
    select pupil_id
    from core.result
    group by pupil_id
    having min(term_no) < max(term_no)
  ),
  spread as (
    select
      term_no,
      subject,
      scale,
      assessment_kind,
      assessment,
      year_group,
      sum(pupils * value) / sum(pupils) as mean,
      sqrt(
        greatest(
          sum(pupils * value * value) / sum(pupils)
            - (sum(pupils * value) / sum(pupils)) * (sum(pupils * value) / sum(pupils)),
          0
        )
      ) as deviation
    from class_outcome
    where value is not null
    group by term_no, subject, scale, assessment_kind, assessment, year_group
  ),
  rung as (
    select distinct scale, outcome, value
    from class_outcome
    where value is not null
  ),
  placed as (
    select
      r.pupil_id,
      r.school_id,
      r.term_no,
      r.subject,
      r.scale,
      r.assessment_kind,
      arg_max(e.class_name, row(r.file_id, r.line, r.item)) as class_name,
      arg_max(e.year_group, row(r.file_id, r.line, r.item)) as year_group,
      arg_max(rung.value, row(r.file_id, r.line, r.item)) as value,
      arg_max((rung.value - s.mean) / nullif(s.deviation, 0), row(r.file_id, r.line, r.item)) as z,
      max(r.file_id) as file_id,
      arg_max(r.line, row(r.file_id, r.line, r.item)) as line
    from core.result as r
    join seen_again as a
      on a.pupil_id = r.pupil_id
    join core.enrolment as e
      on e.pupil_id = r.pupil_id
      and e.school_id = r.school_id
      and e.term_no = r.term_no
    join rung
      on rung.scale = r.scale
      and rung.outcome = r.outcome
    join spread as s
      on s.term_no = r.term_no
      and s.subject = r.subject
      and s.scale = r.scale
      and s.assessment_kind = r.assessment_kind
      and s.assessment = r.assessment
      and s.year_group = e.year_group
    group by r.pupil_id, r.school_id, r.term_no, r.subject, r.scale, r.assessment_kind
  ),
  beside as (
    select
      *,
      lag(term_no) over earlier as term_no_before,
      lag(value) over earlier as value_before,
      lag(z) over earlier as z_before
    from placed
    window earlier as (
      partition by pupil_id, subject, scale, assessment_kind
      order by term_no, file_id
    )
  )
select
  b.*,
  t.academic_year,
  t.term,
  s.kind as scale_kind
from beside as b
join reference.term as t
  on t.term_no = b.term_no
join reference.scale as s
  on s.scale = b.scale
where b.term_no_before between b.term_no - 3 and b.term_no - 1
