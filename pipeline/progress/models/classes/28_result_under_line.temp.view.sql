-- one row is a result that decides, with how far true attainment is likely to be under the line
-- With a known reliability the score is first drawn towards the mean (Kelley 1927): the true score
-- lies around mean + reliability × (score − mean) with standard error SEM × √reliability; else it
-- lies around the score with standard error SEM. normal_cdf(errors_under) is the probability that
-- true attainment is under flag_points; null without a known error.
select
  a.*,
  case
    when a.points is null then null
    when a.reliability is not null and s.mean_points is not null then
      (a.flag_points - (s.mean_points + a.reliability * (a.points - s.mean_points)))
      / (a.standard_error * sqrt(a.reliability))
    when a.standard_error is not null then (a.flag_points - a.points) / a.standard_error
  end as errors_under
from progress.attainment as a
join reference.scale as s
  on s.scale = a.scale
where a.decides
