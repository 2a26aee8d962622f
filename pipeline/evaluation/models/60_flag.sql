-- a reason for a status
select
  pupil, school, academic_year, term, term_no, subject,
  reason, certainty, certainty_band, value, expected, baseline, n
from progress.flag
