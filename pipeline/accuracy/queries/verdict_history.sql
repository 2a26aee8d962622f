-- the verdicts of this run that are not those of the run before
insert into audit.verdict_history by name
with latest as (
  select
    school_id,
    academic_year,
    term,
    arg_max(passed, run_id) as passed,
    arg_max(errors, run_id) as errors
  from audit.verdict_history
  group by school_id, academic_year, term
)
select
  gate.school_id,
  gate.academic_year,
  gate.term,
  this_run.run_id,
  gate.passed,
  gate.errors
from accuracy.gate as gate
cross join this_run
left join latest
  on latest.school_id = gate.school_id
  and latest.academic_year = gate.academic_year
  and latest.term = gate.term
where latest.school_id is null
  or latest.passed <> gate.passed
  or latest.errors <> gate.errors;
