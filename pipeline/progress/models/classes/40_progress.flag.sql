-- one row is a reason for a status
-- Certainty is Φ(errors): how many standard errors it is beyond the line. Errors are few, so each is
-- looked up once. Clear by its certainty; where no error is known, by steps or a second assessment.
with
  reasons as (
    select * from flag_below
    union all by name
    select * from flag_slow
    union all by name
    select * from flag_drop
    union all by name
    select * from flag_off_target
  ),
  certainties as (
    select errors, normal_cdf(errors) as certainty
    from (
      select distinct errors
      from reasons
      where errors is not null
    )
  )
select
  r.* exclude (errors, clear_without_error),
  c.certainty,
  case
    when coalesce(c.certainty >= clear.number, r.clear_without_error) then sure('clear')
    else sure('borderline')
  end as certainty_band
from reasons as r
left join certainties as c
  on c.errors = r.errors
cross join (
  select number from reference.setting where name = 'borderline_under'
) as clear
