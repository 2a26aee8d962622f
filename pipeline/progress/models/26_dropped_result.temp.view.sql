-- one row is a deciding result, with whether it is lower than the most recent earlier one
-- By more than noise: on a score so many standard errors of the difference, on a ladder so many
-- steps. On a ladder with few outcomes one step, seen in two terms running from a standing seen
-- twice: this result and that of the term before are both lower than both of the two before them.
-- Against a single earlier result a steady pupil, judged right in 85 % of cases, would fall in 7 %.
with
  limits as (
    select
      max(number) filter (where name = 'noise_factor') as noise_factor,
      max(number) filter (where name = 'noise_steps') as noise_steps,
      max(number) filter (where name = 'few_outcomes') as few_outcomes
    from reference.setting
  ),
  fallen as (
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
      case
        when r.rungs is null
          then l.noise_factor * sqrt(r.last_error * r.last_error + r.error * r.error)
        when r.rungs > l.few_outcomes then l.noise_steps
        else 1
      end as noise
    from slow_result as r
    cross join limits as l
  )
select
  *,
  coalesce(
    case
      when rungs is null then fell_by > noise
      else fell_by >= noise and (not few_outcomes or last_term_no = term_no - 1)
    end,
    false
  ) as dropped
from fallen
