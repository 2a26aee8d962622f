-- one row is a status for the reason slow: progress short of what is expected, by two measures
-- Certainty: Φ(shortfall ÷ standard error of the difference), the smaller of the two. The figures
-- are those since the baseline.
with
  rungs as (
    select distinct scale, step, points
    from reference.outcome
    where step is not null
  ),
  measured as (
    select
      a.*,
      base.points as base_points,
      base.term_no as base_term_no,
      least(
        a.rungs,
        base.step
        + case
          when a.band = 'own_steps' then 0 else a.expected_step - then_base.expected_step
        end
      ) as rung_since_base,
      least(
        a.rungs,
        year.step
        + case
          when a.band = 'own_steps' then 0 else a.expected_step - then_year.expected_step
        end
      ) as rung_since_year,
      least(base.low_step, year.low_step) - a.low_step as low_steps_lost,
      least(
        (base.points - a.points) / sqrt(
          then_base.standard_error * then_base.standard_error
          + a.standard_error * a.standard_error
        ),
        (year.points - a.points) / sqrt(
          then_year.standard_error * then_year.standard_error
          + a.standard_error * a.standard_error
        )
      ) as errors_short
    from flagged_result as a
    join progress.comparison as of_base
      on of_base.pupil_id = a.pupil_id
      and of_base.term_no = a.slow_since_term_no
      and of_base.subject = a.subject
      and of_base.decides
    join progress.judgement as base
      on base.judgement_no = of_base.judgement_no
    join progress.standard as then_base
      on then_base.standard_no = base.standard_no
    join progress.comparison as of_year
      on of_year.pupil_id = a.pupil_id
      and of_year.term_no = a.term_no - 3
      and of_year.subject = a.subject
      and of_year.decides
    join progress.judgement as year
      on year.judgement_no = of_year.judgement_no
    join progress.standard as then_year
      on then_year.standard_no = year.standard_no
    where a.slow_since_term_no is not null
  )
select
  m.pupil_id,
  m.school_id,
  m.academic_year,
  m.term,
  m.term_no,
  m.subject,
  reasoned('slow') as reason,
  case when m.rungs is null then m.errors_short end as errors,
  case
    when m.low_steps_lost is not null then m.low_steps_lost >= 2
    else coalesce(least(m.rung_since_base, m.rung_since_year) - coalesce(m.step, 0) >= 2, false)
  end
    as clear_without_error,
  m.points as value,
  case when m.rungs is null then m.base_points else r.points end as expected,
  m.base_points as baseline,
  m.base_term_no as baseline_term_no,
  m.norm_pupils as n,
  m.file_id,
  m.line
from measured as m
left join rungs as r
  on r.scale = m.scale
  and r.step = case when m.low_steps_lost is null then greatest(m.rung_since_base, 1) end
