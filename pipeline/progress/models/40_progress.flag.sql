-- one row is a reason for a status
-- Certainty of `below` is the probability that true attainment is under flag_points. With a known
-- reliability the score is first drawn towards the mean (Kelley 1927): the true score lies around
-- mean + reliability × (score − mean) with standard error SEM × √reliability; else it lies around
-- the score with standard error SEM.
with
  below as (
    select
      a.*,
      s.mean_points,
      case
        when a.points is null then null
        when a.reliability is not null and s.mean_points is not null then normal_cdf(
          (a.flag_points - (s.mean_points + a.reliability * (a.points - s.mean_points)))
          / (a.standard_error * sqrt(a.reliability))
        )
        when a.standard_error is not null
          then normal_cdf((a.flag_points - a.points) / a.standard_error)
      end as certainty,
      exists (
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
      ) as another_agrees
    from progress.attainment as a
    join progress.status as t
      on t.pupil_id = a.pupil_id
      and t.term_no = a.term_no
      and t.subject = a.subject
      and t.attainment_status = 'below'
    join reference.scale as s
      on s.scale = a.scale
    where a.decides
  )
select
  b.pupil_id,
  t.school_id,
  b.academic_year,
  b.term,
  b.term_no,
  b.subject,
  'below' as reason,
  b.certainty,
  case
    when b.certainty is not null
      then case when b.certainty >= clear.number then 'clear' else 'borderline' end
    when b.points is null or b.steps_under >= 2 or b.another_agrees then 'clear'
    else 'borderline'
  end as certainty_band,
  b.points as value,
  b.flag_points as expected,
  null as baseline,
  b.norm_pupils as n,
  b.file_id,
  b.line
from below as b
join progress.status as t
  on t.pupil_id = b.pupil_id
  and t.term_no = b.term_no
  and t.subject = b.subject
cross join (
  select number from reference.setting where name = 'borderline_under'
) as clear
