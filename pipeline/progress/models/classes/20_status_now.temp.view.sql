-- one row is what is decided in the terms that are flagged
select *
from progress.decision
where term_no between getvariable('first_term_no') and getvariable('last_term_no')
