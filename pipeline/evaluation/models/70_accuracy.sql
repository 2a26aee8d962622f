-- a rule's result for a school and term
select
  o.rule_code, r.title as rule_title, o.severity,
  o.school, o.academic_year, o.term,
  o.rows_checked, o.rows_failed, o.passed
from accuracy.outcome as o
left join accuracy.rule as r
on r.rule_code = o.rule_code
