-- one row, where statuses do not add up: nobody is lost, as many statuses as pupils on roll have
-- subjects due; every result is compared; and one result decides for each pupil, term and subject
-- The sums of hashes are equal where the pupils, terms and subjects are, in whatever order.
with
  results as (
    select count(*) as results, sum(hash(pupil_id, term_no, subject)) as whose
    from core.result
    where {part}
  ),
  attainments as (
    select
      count(*) as attainments,
      sum(hash(pupil_id, term_no, subject)) as whose,
      count(*) filter (where decides) as deciding
    from progress.comparison
    where {part}
  ),
  -- results beyond the first of a pupil, term and subject
  further as (
    select coalesce(sum(results - 1), 0) as further
    from several_results
  ),
  undecided as (
    select count(*) as undecided
    from (
      select count(*) filter (where a.decides) as deciding
      from several_results as m
      left join progress.comparison as a
        on a.pupil_id = m.pupil_id
        and a.term_no = m.term_no
        and a.subject = m.subject
      group by m.pupil_id, m.term_no, m.subject
    )
    where deciding <> 1
  ),
  due as (
    select count(*) as due, sum(hash(e.pupil_id, e.term_no, d.subject)) as whose
    from core.enrolment as e
    join reference.due as d
      on d.year_group = e.year_group
      and d.term = e.term
    where e.on_roll
      and {part}
  ),
  statuses as (
    select count(*) as statuses, sum(hash(pupil_id, term_no, subject)) as whose
    from progress.decision
    where {part}
  ),
  doubled as (
    select count(*) as doubled
    from (
      select 1
      from core.enrolment
      where on_roll
        and {part}
      group by pupil_id, term_no
      having count(*) > 1
    )
  )
select
  due || ' due, ' || statuses || ' statuses, ' || doubled || ' on roll twice, ' || results
  || ' results, ' || attainments || ' compared, ' || deciding || ' deciding, ' || further
  || ' beside another, ' || undecided || ' undecided'
from results, attainments, further, undecided, due, statuses, doubled
where due <> statuses
  or due.whose is distinct from statuses.whose
  or doubled > 0
  or results <> attainments
  or results.whose is distinct from attainments.whose
  or deciding + further <> results
  or undecided > 0
