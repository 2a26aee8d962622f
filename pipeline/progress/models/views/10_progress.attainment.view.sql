-- one row is a result made comparable, with what is expected
-- A code that says that the standard was met has no points, and says nothing of a higher standard.
select
  c.*,
  s.expected_points,
  s.flag_points,
  s.higher_points,
  (s.expected_points - c.points) / s.spread as gap_sd,
  case
    when s.expected_step is null then null
    when c.attainment_status = 'at_expectation' then 0
    when c.attainment_status = 'below' then s.expected_step - c.step
  end as steps_under,
  s.expected_step,
  s.expected_outcome,
  s.standard_error,
  s.reliability,
  s.expected_paper_no,
  s.error_paper_no,
  case c.attainment_status when 'at_expectation' then true when 'below' then false end
    as at_expected,
  case
    when c.attainment_status = 'at_expectation' and c.points is null then null
    when c.attainment_status in ('at_expectation', 'below') and s.higher_points is not null
      then coalesce(c.points >= s.higher_points, false)
  end as at_higher
from progress.comparison as c
left join progress.standard as s
  on s.standard_no = c.standard_no
