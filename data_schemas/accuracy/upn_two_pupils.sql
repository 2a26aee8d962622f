-- one row is a pupil, school and term whose UPN names another child elsewhere
-- code = "upn_two_pupils"
-- title = "A UPN belongs to one pupil in all files"
-- severity = "error"
-- level = "pupil"
-- owner = "office"
-- counts = "pupil"
-- message = "Other files give this UPN to a pupil of another surname, forename and date of birth."
-- fix = "Find out whose UPN it is and correct the other; until then the results of two children stand under one."
-- why = "Two children under one UPN are taken for one, and each is judged by the other's results."
with
  told as (
    select
      pupil_id,
      school_id,
      academic_year,
      term,
      term_no,
      class_name,
      kind,
      file_id,
      line,
      lower(surname) as surname,
      lower(forename) as forename,
      date_of_birth
    from current_row
    where surname is not null
      and forename is not null
      and date_of_birth is not null
      and upn_kind in ('permanent', 'temporary')
  ),
  suspects as (
    select pupil_id
    from told
    group by pupil_id
    having min(date_of_birth) <> max(date_of_birth)
      and min(forename) <> max(forename)
      and min(surname) <> max(surname)
  ),
  children as (
    select
      t.pupil_id,
      t.surname,
      t.forename,
      t.date_of_birth,
      row_number() over (
        partition by t.pupil_id
        order by
          count(distinct t.term_no) desc, min(t.term_no), min(t.file_id), t.date_of_birth,
          t.surname, t.forename
      ) as place
    from told as t
    join suspects as s
      on s.pupil_id = t.pupil_id
    group by t.pupil_id, t.surname, t.forename, t.date_of_birth
  ),
  odd as (
    select
      t.*,
      row_number() over (
        partition by t.pupil_id, t.school_id, t.term_no
        order by case when t.kind = 'roll' then 0 else 1 end, t.file_id, t.line
      ) as odd_place
    from told as t
    join children as c
      on c.pupil_id = t.pupil_id
      and c.place = 1
      and c.surname <> t.surname
      and c.forename <> t.forename
      and c.date_of_birth <> t.date_of_birth
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line,
  'upn' as column_name
from odd
where odd_place = 1
