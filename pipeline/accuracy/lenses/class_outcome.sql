-- one row is an outcome of a subject and assessment in a year group of a class, with its pupils
-- `value` is the rung or the score; null where the outcome is not on its scale.
with
  counted as (
    select
      r.school_id,
      r.term_no,
      r.subject,
      r.scale,
      r.assessment_kind,
      r.assessment,
      e.year_group,
      e.class_name,
      r.outcome,
      count(*) as pupils,
      min(r.file_id) as file_id
    from core.result as r
    join core.enrolment as e
      on e.pupil_id = r.pupil_id
      and e.school_id = r.school_id
      and e.term_no = r.term_no
    where r.outcome is not null
    group by
      r.school_id, r.term_no, r.subject, r.scale, r.assessment_kind, r.assessment, e.year_group,
      e.class_name, r.outcome
  ),
  rung as (
    select scale, outcome, max(step) as step
    from reference.outcome
    where step is not null
    group by scale, outcome
  )
select
  c.*,
  t.academic_year,
  t.term,
  s.kind as scale_kind,
  case
    when s.kind = 'ladder' then rung.step
    when try_cast(c.outcome as double) < s.minimum then null
    when try_cast(c.outcome as double) > s.maximum then null
    else try_cast(c.outcome as double)
  end as value
from counted as c
join reference.term as t
  on t.term_no = c.term_no
join reference.scale as s
  on s.scale = c.scale
left join rung
  on rung.scale = c.scale
  and rung.outcome = c.outcome
