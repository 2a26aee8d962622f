-- one row is a result that decides, with how far true attainment is likely to be under the line
-- With a known reliability the score is first drawn towards the mean (Kelley 1927): the true score
-- lies around mean + reliability × (score − mean) with standard error SEM × √reliability; else it
-- lies around the score with standard error SEM. normal_cdf(errors_under) is the probability that
-- true attainment is under flag_points; null without a known error.
with valued as (
  select
    j.judgement_no,
    s.academic_year,
    s.term,
    j.points,
    s.flag_points,
    j.steps_under,
    j.met_without_points,
    j.norm_pupils,
    case
      when j.points is null then null
      when s.reliability is not null and k.mean_points is not null then
        (s.flag_points - (k.mean_points + s.reliability * (j.points - k.mean_points)))
        / (s.standard_error * sqrt(s.reliability))
      when s.standard_error is not null then (s.flag_points - j.points) / s.standard_error
    end as errors_under
  from progress.judgement as j
  join progress.standard as s
    on s.standard_no = j.standard_no
  join reference.scale as k
    on k.scale = s.scale
)
select
  c.pupil_id,
  c.term_no,
  c.subject,
  c.seen,
  c.file_id,
  c.line,
  v.* exclude (judgement_no)
from progress.comparison as c
join valued as v
  on v.judgement_no = c.judgement_no
where c.decides
