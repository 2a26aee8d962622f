-- one row, where statuses do not add up: nobody is lost, as many statuses as pupils on roll have
-- subjects due; every result is compared; and one result decides for each pupil, term and subject
with
  results as (
    select count(*) as results
    from core.result
    where {part}
  ),
  due as (
    select count(*) as due
    from core.enrolment as e
    join reference.due as d
      on d.year_group = e.year_group
      and d.term = e.term
    where e.on_roll
      and {part}
  ),
  attainments as (
    select
      coalesce(sum(results), 0) as attainments,
      count(*) filter (where deciding <> 1) as undecided
    from (
      select count(*) as results, count(*) filter (where decides) as deciding
      from progress.attainment
      where {part}
      group by pupil_id, term_no, subject
    )
  ),
  statuses as (
    select coalesce(sum(times), 0) as statuses, count(*) filter (where times > 1) as doubled
    from (
      select count(*) as times
      from progress.status
      where {part}
      group by pupil_id, term_no, subject
    )
  )
select
  due || ' due, ' || statuses || ' statuses, ' || doubled || ' doubled, ' || results
  || ' results, ' || attainments || ' compared, ' || undecided || ' undecided'
from results, due, attainments, statuses
where due <> statuses
  or doubled > 0
  or results <> attainments
  or undecided > 0
