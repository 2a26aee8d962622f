-- one row is a deciding result, with whether it is lower than the most recent earlier one
-- By more than noise: on a score so many standard errors of the difference, on a ladder so many
-- steps. On a ladder with few outcomes one step, seen in two terms running: this result and that of
-- the term before are both lower than the one before them.
with limits as (
  select
    max(number) filter (where name = 'noise_factor') as noise_factor,
    max(number) filter (where name = 'noise_steps') as noise_steps,
    max(number) filter (where name = 'few_outcomes') as few_outcomes
  from reference.setting
)
select
  r.*,
  coalesce(
    case
      when r.rungs is null then r.last_level - r.level
        > l.noise_factor * sqrt(r.last_error * r.last_error + r.error * r.error)
      when r.rungs > l.few_outcomes then r.last_level - r.level >= l.noise_steps
      else r.last_term_no = r.term_no - 1
        and r.before_level > r.last_level
        and r.before_level > r.level
    end,
    false
  ) as dropped,
  case when r.rungs <= l.few_outcomes then r.before_term_no else r.last_term_no end
    as dropped_from_term_no
from slow_result as r
cross join limits as l
