-- a pupil
with terms_of_pupil as (
  select pupil, min(term_no) as first_term_no
  from core.enrolment
  group by pupil
)
select p.pupil, p.sex, t.first_term_no
from core.pupil as p
left join terms_of_pupil as t
on t.pupil = p.pupil
