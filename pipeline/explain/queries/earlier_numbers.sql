-- one row is a number that the pupil had until it was found to be the same child, and why.
select old_pupil_id, reason
from core.pupil_merge
where kept_pupil_id = $pupil_id
order by old_pupil_id
