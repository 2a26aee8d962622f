-- What is measured in several places, written once. A level is the rung on a ladder, else points.

-- How far a level is short of what it was to become: on a ladder in steps, as many as the
-- expectation has risen, up to the top; of a score in standard errors of the difference, for a score
-- is expected to stay.
create or replace temp macro shortfall(
  rungs, level_now, standard, error, then_level, then_standard, then_error
) as (
  case
    when rungs is null
      then (then_level - level_now) / sqrt(then_error * then_error + error * error)
    else least(rungs, then_level + standard - then_standard) - level_now
  end
);

-- Whether a shortfall is more than noise; on a ladder with few outcomes a step counts, and is judged
-- again by whether it was there before.
create or replace temp macro beyond_noise(short_by, rungs, noise_factor, noise_steps, few_outcomes)
as (
  case
    when rungs is null then short_by > noise_factor
    when rungs > few_outcomes then short_by >= noise_steps
    else short_by >= 1
  end
);

-- Noise in a fall between two results, in points or steps.
create or replace temp macro fall_noise(
  rungs, last_error, error, noise_factor, noise_steps, few_outcomes
) as (
  case
    when rungs is null then noise_factor * sqrt(last_error * last_error + error * error)
    when rungs > few_outcomes then noise_steps
    else 1
  end
);

-- Whether a fall is more than noise.
create or replace temp macro is_drop(rungs, fell_by, noise) as (
  case when rungs is null then fell_by > noise else fell_by >= noise end
);

-- Words of statuses and flags, as they are stored.
create or replace temp macro attained(word) as cast(word as words.attainment_status);
create or replace temp macro progressed(word) as cast(word as words.progress_status);
create or replace temp macro stands(word) as cast(word as words.status);
create or replace temp macro banded(word) as cast(word as words.band);
create or replace temp macro changed(word) as cast(word as words.change);
create or replace temp macro reasoned(word) as cast(word as words.reason);
create or replace temp macro sure(word) as cast(word as words.certainty_band);

-- The settings that say what noise is.
create or replace temp view noise_limits as
select
  max(number) filter (where name = 'noise_factor') as noise_factor,
  max(number) filter (where name = 'noise_steps') as noise_steps,
  max(number) filter (where name = 'few_outcomes') as few_outcomes
from reference.setting
