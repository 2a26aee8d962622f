-- one row is what the rows of a file say of a pupil in a school and term: rows that say the same of
-- the pupil are one, with the place of the first and of the last
-- What else is said of a pupil is compared by a fingerprint, and looked up at the last place, which
-- holds the number of the result as well (place times 10000, less item).
select
  r.file_id,
  r.school_id,
  r.term_no,
  r.kind,
  r.key_upn,
  r.key_number,
  r.key_term_no,
  r.key_name,
  r.surname,
  r.forename,
  r.date_of_birth,
  r.sex,
  r.school_name,
  s.file_id is not null as shares_upn,
  hash(
    r.upn, r.former_upn, r.admission_number, r.year_group, r.class_name, r.teacher,
    r.pupil_premium, r.fsm6, r.sen, r.sen_need, r.eal, r.english_proficiency, r.looked_after,
    r.ethnicity, r.entry_date, r.leaving_date, r.enrol_status, r.attendance_percent, r.expectation
  ) as content,
  min(r.place) as first_place,
  max(r.place * 10000 - r.item) as last_item
from core.loaded_row as r
left join core.shared_upn_row as s
  on s.file_id = r.file_id
  and s.line = r.line
group by all
