-- one row is a pupil of a school with the name and date of birth of another
-- code = "likely_duplicate"
-- title = "A pupil is recorded once"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "Another pupil of the school has the same name and date of birth."
-- several = "{count} pupils have the same name and date of birth as another pupil of the school."
-- fix = "If they are one pupil, merge the two records in the management information system; if not, there is nothing to do."
-- why = "Half of the results under one record and half under the other make two histories without progress."
with
  born_on_one_day as (
    select e.school_id, e.term_no, p.date_of_birth
    from core.enrolment as e
    join core.pupil as p
      on p.pupil_id = e.pupil_id
    group by e.school_id, e.term_no, p.date_of_birth
    having count(*) > 1
  ),
  named as (
    select
      e.*,
      row_number() over (
        partition by
          e.school_id,
          e.term_no,
          lower(trim(p.surname)),
          lower(trim(p.forename)),
          p.date_of_birth
        order by e.file_id, e.line
      ) as place
    from core.enrolment as e
    join core.pupil as p
      on p.pupil_id = e.pupil_id
    join born_on_one_day as b
      on b.school_id = e.school_id
      and b.term_no = e.term_no
      and b.date_of_birth = p.date_of_birth
    where p.surname is not null
      and p.forename is not null
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line
from named
where place > 1
