-- a pupil in a school in a term
select
  pupil, school, academic_year, term, term_no, year_group,
  pupil_premium, fsm6, sen, eal, english_proficiency, looked_after,
  enrol_status, attendance_percent, expectation, on_roll
from core.enrolment
