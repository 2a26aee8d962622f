-- one row is a pupil of a school with the name and date of birth of another of earlier terms
-- code = "pupil_recorded_anew"
-- title = "A pupil is recorded under one UPN over the terms"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "A pupil of the school had the same name and date of birth in another term, under another UPN ({found})."
-- several = "{count} pupils have the name and date of birth that a pupil of the school had in another term under another UPN."
-- fix = "Find out whether they are one pupil. If so, export the old UPN as former_upn, or correct the one that is wrong; if not, there is nothing to do."
-- why = "Under two UPNs one pupil is two, and neither has a history. Two in one term are told by the rule likely_duplicate, two under one admission number by pupil_two_upns."
with
  named as (
    select
      pupil_id,
      lower(trim(surname)) as surname,
      lower(trim(forename)) as forename,
      date_of_birth
    from core.pupil
    where upn is not null
      and surname is not null
      and forename is not null
      and date_of_birth is not null
  ),
  twice as (
    select surname, forename, date_of_birth
    from named
    group by surname, forename, date_of_birth
    having count(*) > 1
  ),
  enrolled as (
    select
      e.*,
      n.surname as named_surname,
      n.forename as named_forename,
      n.date_of_birth,
      row_number() over (
        partition by e.pupil_id, e.school_id
        order by e.term_no
      ) as first_term
    from core.enrolment as e
    join named as n
      on n.pupil_id = e.pupil_id
    join twice as t
      on t.surname = n.surname
      and t.forename = n.forename
      and t.date_of_birth = n.date_of_birth
  ),
  pairs as (
    select
      later.pupil_id,
      later.school_id,
      min(earlier.pupil_id) as other_pupil_id
    from enrolled as later
    join enrolled as earlier
      on earlier.school_id = later.school_id
      and earlier.named_surname = later.named_surname
      and earlier.named_forename = later.named_forename
      and earlier.date_of_birth = later.date_of_birth
      and earlier.pupil_id <> later.pupil_id
      and earlier.first_term = 1
      and earlier.term_no < later.term_no
    left join enrolled as together
      on together.pupil_id = earlier.pupil_id
      and together.school_id = later.school_id
      and together.term_no = later.term_no
    where later.first_term = 1
      and together.pupil_id is null
    group by later.pupil_id, later.school_id
  )
select
  e.school_id,
  e.academic_year,
  e.term,
  e.class_name,
  e.pupil_id,
  e.file_id,
  e.line,
  'upn' as column_name,
  'the other is in file ' || o.file_id || ', line ' || o.line as found
from pairs as p
join enrolled as e
  on e.pupil_id = p.pupil_id
  and e.school_id = p.school_id
  and e.first_term = 1
join enrolled as o
  on o.pupil_id = p.other_pupil_id
  and o.school_id = p.school_id
  and o.first_term = 1
where o.admission_number is distinct from e.admission_number
