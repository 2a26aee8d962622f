-- one row is an admission number by which rows of a school and term name a pupil without a UPN
select school_id, admission_number, term_no, first_seen
from named
where upn = ''
  and admission_number <> ''
