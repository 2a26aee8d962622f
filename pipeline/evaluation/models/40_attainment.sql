-- a result made comparable, and whether it decides
select
  pupil, school, academic_year, term, term_no, year_group, subject, scale, assessment_kind,
  row_number() over (
    partition by pupil, school, term_no, subject, scale, assessment_kind
    order by
      decides desc, points, outcome, no_result_reason, expected_points, expected_outcome,
      flag_points, higher_points, gap_sd, terms_behind, steps_under, standard_error, reliability,
      norm_pupils, at_expected, at_higher, attainment_status, year_group
  ) as result_no,
  outcome, no_result_reason, decides,
  points, expected_points, expected_outcome, flag_points, higher_points,
  gap_sd, terms_behind, steps_under, standard_error, reliability, norm_pupils,
  at_expected, at_higher, attainment_status
from progress.attainment
