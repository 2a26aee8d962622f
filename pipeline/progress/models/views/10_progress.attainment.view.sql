-- one row is a result made comparable, with what is expected
-- A code that says that the standard was met has no points, and says nothing of a higher standard.
-- Standards are grouped, though a number is there once, so that DuckDB knows it is, and leaves the
-- join out where nobody asks for what is expected.
with standards as (
  select
    standard_no,
    any_value(academic_year) as academic_year,
    any_value(term) as term,
    any_value(year_group) as year_group,
    any_value(scale) as scale,
    any_value(assessment) as assessment,
    any_value(expected_points) as expected_points,
    any_value(flag_points) as flag_points,
    any_value(higher_points) as higher_points,
    any_value(spread) as spread,
    any_value(expected_step) as expected_step,
    any_value(expected_outcome) as expected_outcome,
    any_value(standard_error) as standard_error,
    any_value(reliability) as reliability,
    any_value(expected_paper_no) as expected_paper_no,
    any_value(error_paper_no) as error_paper_no
  from progress.standard
  group by standard_no
)
select
  c.*,
  s.academic_year,
  s.term,
  s.year_group,
  s.scale,
  s.assessment,
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
left join standards as s
  on s.standard_no = c.standard_no
