-- one row is a pupil and subject with a teacher's judgement on a ladder and a test with a norm
with
  tested as (
    select
      r.pupil_id,
      r.school_id,
      r.term_no,
      r.subject,
      r.scale,
      max(try_cast(r.outcome as double)) as score,
      max(s.mean_points) as mean_points,
      max(s.spread) as spread
    from core.result as r
    join reference.scale as s
      on s.scale = r.scale
    where r.assessment_kind = 'test'
      and r.outcome_on_scale
      and s.kind = 'score'
      and s.spread is not null
    group by r.pupil_id, r.school_id, r.term_no, r.subject, r.scale
  ),
  rung as (
    select scale, outcome, max(step) as step, max(points) as points
    from reference.outcome
    where step is not null
    group by scale, outcome
  )
select
  r.pupil_id,
  r.school_id,
  r.academic_year,
  r.term,
  r.term_no,
  r.subject,
  r.scale,
  t.scale as test_scale,
  e.class_name,
  e.year_group,
  e.expectation,
  r.file_id,
  r.line,
  rung.step,
  rung.points - x.points as points_over,
  t.score,
  (t.score - t.mean_points) / t.spread as z
from tested as t
join core.result as r
  on r.pupil_id = t.pupil_id
  and r.school_id = t.school_id
  and r.term_no = t.term_no
  and r.subject = t.subject
join core.enrolment as e
  on e.pupil_id = r.pupil_id
  and e.school_id = r.school_id
  and e.term_no = r.term_no
join rung
  on rung.scale = r.scale
  and rung.outcome = r.outcome
left join reference.expectation as x
  on x.scale = r.scale
  and x.year_group = e.year_group
  and x.term = r.term
where r.assessment_kind = 'teacher'
