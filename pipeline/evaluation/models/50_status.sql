-- a pupil, term and subject that is due
select
  pupil, school, academic_year, term, term_no, year_group, subject,
  status, attainment_status, progress_status, change,
  assessments_differ, new_to_school, new_to_english, own_steps
from progress.status
