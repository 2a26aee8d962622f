-- a school
with terms_of_school as (
  select school, min(term_no) as first_term_no, max(term_no) as last_term_no
  from core.enrolment
  group by school
)
select s.school, t.first_term_no, t.last_term_no
from core.school as s
left join terms_of_school as t
on t.school = s.school
