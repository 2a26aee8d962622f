-- one row is what the rows of a file say of a pupil in a school and term: rows that say the same of
-- the pupil are one, with the place of the first and of the last
-- What they say is compared by a fingerprint, and looked up at the last place. Both places hold the
-- number of the result as well (place times 10000, and item; less item). What a roll says stands highest (3),
-- then a list of pupils, then results, then mere facts (0).
select
  file_id,
  school_id,
  term_no,
  cast(
    case kind
      when 'roll' then 3 when 'pupils' then 2 when 'results' then 1 when 'seen' then 1 else 0
    end as tinyint
  ) as standing,
  key_upn,
  key_number,
  key_term_no,
  key_name,
  hash(lower(surname), lower(forename), date_of_birth) as named,
  hash(
    surname, forename, date_of_birth, sex, upn, former_upn, year_group, class_name, teacher,
    pupil_premium, fsm6, sen, sen_need, eal, english_proficiency, looked_after, ethnicity,
    entry_date, leaving_date, enrol_status, attendance_percent, expectation, school_name
  ) as content,
  min(place * 10000 + item) as first_item,
  max(place * 10000 - item) as last_item
from core.loaded_pupil
group by all
