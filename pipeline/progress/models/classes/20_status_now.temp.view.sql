-- one row is a status of the terms that are flagged
select *
from progress.status
where term_no between getvariable('first_term_no') and getvariable('last_term_no')
