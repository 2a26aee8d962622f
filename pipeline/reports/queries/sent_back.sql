-- one row is the run that closed the gate of the school and term, where it has been closed since.
with verdict as (
  select history.run_id, history.passed
  from audit.verdict_history as history
  inner join reference.term as term
    on term.academic_year = history.academic_year
    and term.term = history.term
  where history.school_id = $school_id
    and term.term_no = $term_no
)
select min(verdict.run_id) as run_id
from verdict
where not verdict.passed
  and verdict.run_id > (
    select coalesce(max(case when passed then run_id end), '')
    from verdict
  )
having min(verdict.run_id) is not null
