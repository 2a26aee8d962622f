-- one row is a term in which the pupil has a status.
select distinct term_no
from progress.status
where pupil_id = $pupil_id
order by term_no
