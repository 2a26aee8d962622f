-- one row is a pupil of a year group of the series
select
  pupil_id,
  score,
  score_1,
  score_2,
  score_3,
  asked
from growth_score
where place = $place
