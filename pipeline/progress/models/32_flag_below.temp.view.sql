-- one row is a status for the reason below: attainment is under what is expected
-- Certainty of `below` is the probability that true attainment is under flag_points. With a known
-- reliability the score is first drawn towards the mean (Kelley 1927): the true score lies around
-- mean + reliability × (score − mean) with standard error SEM × √reliability; else it lies around
-- the score with standard error SEM.
select
  a.pupil_id,
  t.school_id,
  a.academic_year,
  a.term,
  a.term_no,
  a.subject,
  'below' as reason,
  case
    when a.points is null then null
    when a.reliability is not null and s.mean_points is not null then normal_cdf(
      (a.flag_points - (s.mean_points + a.reliability * (a.points - s.mean_points)))
      / (a.standard_error * sqrt(a.reliability))
    )
    when a.standard_error is not null
      then normal_cdf((a.flag_points - a.points) / a.standard_error)
  end as certainty,
  a.points is null
    or coalesce(a.steps_under >= 2, false)
    or exists (
      select 1
      from progress.attainment as other
      where other.pupil_id = a.pupil_id
        and other.term_no = a.term_no
        and other.subject = a.subject
        and not other.decides
        and other.seen
        and other.attainment_status = 'below'
        and (
          other.scale <> a.scale
          or other.assessment_kind <> a.assessment_kind
          or other.assessment <> a.assessment
        )
    ) as clear_without_error,
  a.points as value,
  a.flag_points as expected,
  cast(null as double) as baseline,
  cast(null as integer) as baseline_term_no,
  a.norm_pupils as n,
  a.file_id,
  a.line
from progress.attainment as a
join progress.status as t
  on t.pupil_id = a.pupil_id
  and t.term_no = a.term_no
  and t.subject = a.subject
  and t.attainment_status = 'below'
join reference.scale as s
  on s.scale = a.scale
where a.decides
