-- one row is a pupil, term and subject with more than one result
select pupil_id, term_no, subject, count(*) as results
from core.result
where term_no between getvariable('first_term_no') and getvariable('last_term_no')
  and pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
group by pupil_id, term_no, subject
having count(*) > 1
