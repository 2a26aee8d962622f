-- one row is a pupil, term and subject with more than one result
-- First those pupils who have more results than subjects, a bit each, are found: there are few. That
-- two subjects may share a bit adds pupils who are looked at for nothing.
with more as (
  select pupil_id, term_no
  from core.result
  where term_no between getvariable('first_term_no') and getvariable('last_term_no')
    and pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
  group by pupil_id, term_no
  having count(*) > bit_count(bit_or(cast(1 as ubigint) << (enum_code(subject) % 64)))
)
select r.pupil_id, r.term_no, r.subject, count(*) as results
from core.result as r
join more as m
  on m.pupil_id = r.pupil_id
  and m.term_no = r.term_no
where r.term_no between getvariable('first_term_no') and getvariable('last_term_no')
  and r.pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
group by r.pupil_id, r.term_no, r.subject
having count(*) > 1
