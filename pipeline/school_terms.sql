-- one row is a school and a term of the programme: what came, was checked, sent back and mended.
with
  sent as (
    select school_id, term_no, count(*) as pupils
    from core.enrolment
    where on_roll
    group by school_id, term_no
  ),
  flagged as (
    select school_id, term_no, count(*) as underachieving
    from progress.decision
    where status = 'underachieving'
    group by school_id, term_no
  ),
  terms as (select distinct academic_year, term, term_no from core.enrolment),
  heard as (
    select e.school_id, e.academic_year, e.term, max(f.received_at) as received_at
    from (
      select distinct school_id, academic_year, term, file_id
      from core.loaded_pupil
      union
      select distinct school_id, academic_year, term, file_id
      from landing.rejected_row
    ) as e
    join landing.export_file as f
      on f.file_id = e.file_id
    where f.status = 'loaded'
    group by e.school_id, e.academic_year, e.term
  ),
  turned as (
    select
      school_id,
      academic_year,
      term,
      max(case when passed then run_id end) as last_passed,
      max(case when not passed then run_id end) as last_failed
    from audit.verdict_history
    group by school_id, academic_year, term
  ),
  -- while the gate is closed: the run that closed it; once it is open: the first that did, and the
  -- one that found all mended
  sent_back as (
    select
      v.school_id,
      v.academic_year,
      v.term,
      min(
        case
          when not v.passed
            and (t.last_passed > t.last_failed or v.run_id > coalesce(t.last_passed, ''))
            then v.run_id
        end
      ) as sent_back_run,
      min(case when v.passed and v.run_id > t.last_failed then v.run_id end) as mended_run
    from audit.verdict_history as v
    join turned as t
      on t.school_id = v.school_id
      and t.academic_year = v.academic_year
      and t.term = v.term
    group by v.school_id, v.academic_year, v.term
  ),
  mended as (
    select h.school_id, h.academic_year, h.term, count(*) as issues
    from audit.issue_history as h
    join accuracy.rule as r
      on r.rule_code = h.rule_code
    where h.mended_run is not null
      and r.audience = 'fix list'
    group by h.school_id, h.academic_year, h.term
  ),
  checked as (
    select max(started_at) as checked_at
    from audit.stage
    where stage = 'check'
  )
select
  t.academic_year || '-' || t.term as term,
  s.school_id,
  s.school_name,
  h.school_id is not null as received,
  coalesce(p.pupils, 0) as pupils_on_roll,
  g.passed as gate_passed,
  g.errors,
  g.warnings,
  g.notes,
  g.accepted,
  g.results_due,
  g.results_present,
  g.results_explained,
  g.pupils_checked,
  g.pupils_with_errors,
  h.received_at,
  case when g.school_id is not null then c.checked_at end as checked_at,
  b.sent_back_run,
  b.mended_run,
  coalesce(m.issues, 0) as mended,
  coalesce(f.underachieving, 0) as underachieving
from terms as t
cross join core.school as s
left join sent as p
  on p.school_id = s.school_id
  and p.term_no = t.term_no
left join heard as h
  on h.school_id = s.school_id
  and h.academic_year = t.academic_year
  and h.term = t.term
left join accuracy.gate as g
  on g.school_id = s.school_id
  and g.term_no = t.term_no
left join flagged as f
  on f.school_id = s.school_id
  and f.term_no = t.term_no
left join sent_back as b
  on b.school_id = s.school_id
  and b.academic_year = t.academic_year
  and b.term = t.term
left join mended as m
  on m.school_id = s.school_id
  and m.academic_year = t.academic_year
  and m.term = t.term
cross join checked as c
order by t.term_no, s.school_id
