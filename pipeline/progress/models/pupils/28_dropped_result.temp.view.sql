-- one row is a deciding result, with whether it is lower than the most recent earlier one
-- By more than noise: on a score so many standard errors of the difference, on a ladder so many
-- steps. On a ladder with few outcomes one step, seen in two terms running from a standing seen
-- twice: this result and that of the term before are both lower than both of the two before them.
-- Against a single earlier result a steady pupil, judged right in 85 % of cases, would fall in 7 %.
with fallen as (
  select
    r.*,
    coalesce(r.rungs <= l.few_outcomes, false) as few_outcomes,
    case when r.rungs <= l.few_outcomes then r.before_term_no else r.last_term_no end
      as fell_from_term_no,
    case
      when r.rungs is null or r.rungs > l.few_outcomes then r.last_level - r.level_now
      when r.before_level + r.earlier_level + r.last_level + r.level_now is not null
        then least(r.before_level, r.earlier_level) - greatest(r.last_level, r.level_now)
    end as fell_by,
    fall_noise(
      r.rungs, r.last_error, r.error, l.noise_factor, l.noise_steps, l.few_outcomes
    ) as noise
  from slow_result as r
  cross join noise_limits as l
)
select
  *,
  coalesce(
    is_drop(rungs, fell_by, noise) and (not few_outcomes or last_term_no = term_no - 1),
    false
  ) as dropped
from fallen
