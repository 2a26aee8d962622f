-- one row is a reason for a status
-- Clear by its certainty; where no error is known, by steps or a second assessment.
with reasons as (
  select * from flag_below
  union all by name
  select * from flag_slow
  union all by name
  select * from flag_drop
  union all by name
  select * from flag_off_target
)
select
  r.* exclude (clear_without_error),
  case
    when coalesce(r.certainty >= clear.number, r.clear_without_error) then sure('clear')
    else sure('borderline')
  end as certainty_band
from reasons as r
cross join (
  select number from reference.setting where name = 'borderline_under'
) as clear
