-- one row is an outcome that somebody has: in a term, by scale, assessment, subject, year group, who
-- judged, and what the school means by the scale
select distinct
  academic_year,
  term,
  term_no,
  scale,
  scale_kind,
  assessment,
  subject,
  year_group,
  meaning,
  norm_school,
  assessment_kind,
  outcome,
  outcome_on_scale
from read_result
