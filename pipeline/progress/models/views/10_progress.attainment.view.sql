-- one row is a result made comparable, with what is expected
select
  c.*,
  j.assessment_kind,
  j.outcome,
  j.points,
  j.gap_sd,
  j.terms_behind,
  j.steps_under,
  j.step,
  j.low_step,
  j.series_no,
  j.norm_pupils,
  j.at_expected,
  j.at_higher,
  j.attainment_status,
  s.academic_year,
  s.term,
  s.year_group,
  s.scale,
  s.assessment,
  s.expected_points,
  s.flag_points,
  s.higher_points,
  s.expected_step,
  s.expected_outcome,
  s.standard_error,
  s.reliability,
  s.expected_paper_no,
  s.error_paper_no
from progress.comparison as c
left join progress.judgement as j
  on j.judgement_no = c.judgement_no
left join progress.standard as s
  on s.standard_no = j.standard_no
