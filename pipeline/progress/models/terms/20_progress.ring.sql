-- one row is a ring of the Venn diagram of a term, with the bit that stands for it in progress.standing
select
  t.term_no,
  s.subject,
  1 << (row_number() over (partition by t.term_no order by s.position) - 1) as bit
from reference.term as t
cross join reference.subject as s
where s.in_venn
  and t.term_no between getvariable('first_term_no') and getvariable('last_term_no')
