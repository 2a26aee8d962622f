-- one row is a pupil in a school and term, with what decides whether and where the pupil is enrolled
select
  pupil_id,
  school_id,
  term_no,
  year_group,
  class_name,
  entry_date,
  leaving_date,
  enrol_status,
  from_roll,
  enrols,
  file_id,
  line
from latest_fact
