-- one row is a rule that the data of the school and term break, the gravest and most frequent first.
select
  outcome.rule_code,
  outcome.severity,
  outcome.rows_checked,
  outcome.rows_failed - outcome.rows_accepted as rows_failed,
  rule.title,
  rule.counts,
  rule.owner,
  rule.fix
from accuracy.outcome as outcome
inner join accuracy.rule as rule
  on rule.rule_code = outcome.rule_code
inner join reference.term as term
  on term.academic_year = outcome.academic_year
  and term.term = outcome.term
where outcome.school_id = $school_id
  and term.term_no = $term_no
  and rule.audience = 'fix list'
  and outcome.rows_failed > outcome.rows_accepted
order by
  case outcome.severity
    when 'error' then 1
    when 'warning' then 2
    else 3
  end,
  rows_failed desc,
  outcome.rule_code
