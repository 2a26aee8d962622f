-- one row is a year group of the series that is large enough for a norm of growth, and in which
-- somebody is underachieving whose growth may support that; with the largest errors of its tests
select
  place,
  max(error) as error,
  max(error_1) as error_1,
  max(error_2) as error_2,
  max(error_3) as error_3
from growth_score
group by place
having count(coalesce(score_1, score_2, score_3)) >= $least_pupils
  and bool_or(asked and coalesce(score_1, score_2, score_3) is not null)
order by place
