-- one row is a pupil, with the latest that is known; a blank never replaces what is known
with
  facts as (
    select
      r.pupil_id,
      r.matched_upn as upn,
      r.surname,
      r.forename,
      r.date_of_birth,
      r.sex,
      row(r.term_no, r.kind = 'roll', r.file_id, r.line) as age_of_fact
    from core.identified_row as r
  )
select
  pupil_id,
  max(upn) filter (where upn <> '') as upn,
  arg_max(surname, age_of_fact) filter (where surname is not null) as surname,
  arg_max(forename, age_of_fact) filter (where forename is not null) as forename,
  arg_max(date_of_birth, age_of_fact) filter (where date_of_birth is not null) as date_of_birth,
  arg_max(sex, age_of_fact) filter (where sex is not null) as sex
from facts
group by pupil_id
