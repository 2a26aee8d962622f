-- one row is a status in a subject of the Venn diagram, of the terms that are flagged and the two
-- before, with whether the pupil is on track in it
-- Who stands in a ring is said by `venn_basis`: at expectation, with enough progress, or both.
select
  t.*,
  case
    when basis.value <> 'attainment' and t.progress_status = 'too_little' then false
    when basis.value <> 'progress' and t.attainment_status = 'below' then false
    when (basis.value = 'progress' or t.attainment_status = 'at_expectation')
      and (basis.value = 'attainment' or t.progress_status = 'enough')
      then true
  end as on_track
from progress.decision as t
cross join (
  select value from reference.setting where name = 'venn_basis'
) as basis
join reference.subject as s
  on s.subject = t.subject
  and s.in_venn
where t.term_no between getvariable('first_term_no') - 2 and getvariable('last_term_no')
