-- one row is an entry of corrections.toml that accepts issues, with how many it matches now.
select
  entry.accepted_no,
  rule.rule_code,
  entry.rule_code is not null and rule.rule_code is null as rule_unknown,
  entry.until,
  entry.in_force,
  count(issue.issue_key) as issues
from reference.accepted_issue as entry
left join accuracy.rule as rule
  on rule.rule_code = entry.rule_code
left join accuracy.issue as issue
  on issue.accepted_no = entry.accepted_no
group by entry.accepted_no, entry.rule_code, rule.rule_code, entry.until, entry.in_force
order by entry.accepted_no
