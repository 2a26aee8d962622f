-- one row is a reason for the status of a pupil, with all that its sentence is made from.
with flags as (
  select flag.*
  from progress.flag as flag
  where flag.term_no = $term_no
    and flag.school_id = $school_id
),
-- outcomes beside each other stand on one rung
rungs as (
  select
    scale,
    points,
    string_agg(distinct outcome, ' or ' order by outcome) as outcome
  from reference.outcome
  where outcome is not null
    and points is not null
  group by scale, points
),
last_expected as (
  select
    flags.pupil_id,
    flags.subject,
    arg_max(expectation.year_group, expectation.position) as year_group,
    arg_max(expectation.term, expectation.position) as term
  from flags
  inner join progress.attainment as now
    on now.pupil_id = flags.pupil_id
    and now.term_no = flags.term_no
    and now.subject = flags.subject
    and now.decides
  inner join reference.scale as scale
    on scale.scale = now.scale
    and scale.climbs
  inner join reference.expectation as here
    on here.scale = now.scale
    and here.year_group = now.year_group
    and here.term = now.term
  inner join reference.expectation as expectation
    on expectation.scale = now.scale
    and expectation.position < here.position
    and expectation.points = now.points
  where flags.reason = 'below'
  group by
    flags.pupil_id,
    flags.subject
)
select
  flags.*,
  now.year_group,
  scale.kind as scale_kind,
  now.outcome,
  now.points,
  now.target,
  now.steps_under,
  now.standard_error,
  then_result.outcome as baseline_outcome,
  case
    when flags.reason = 'below' then now.expected_outcome
    when flags.reason = 'off_target' then now.target
    when scale.kind = 'ladder' then
      case when flags.reason = 'drop' then then_result.outcome else rungs.outcome end
  end as expected_outcome,
  last_expected.year_group as last_expected_year,
  last_expected.term as last_expected_term,
  (
    select min(other.assessment_kind)
    from progress.attainment as other
    where other.pupil_id = flags.pupil_id
      and other.term_no = flags.term_no
      and other.subject = flags.subject
      and not other.decides
      and other.seen
      and other.attainment_status = 'below'
      and other.assessment_kind <> now.assessment_kind
  ) as agreeing_kind,
  status.own_steps,
  growth.percentile,
  growth.lowest,
  growth.highest
from flags
inner join progress.status as status
  on status.pupil_id = flags.pupil_id
  and status.term_no = flags.term_no
  and status.subject = flags.subject
inner join progress.attainment as now
  on now.pupil_id = flags.pupil_id
  and now.term_no = flags.term_no
  and now.subject = flags.subject
  and now.decides
inner join reference.scale as scale
  on scale.scale = now.scale
left join progress.attainment as then_result
  on then_result.pupil_id = flags.pupil_id
  and then_result.term_no = flags.baseline_term_no
  and then_result.subject = flags.subject
  and then_result.decides
left join progress.growth as growth
  on flags.reason = 'low_growth'
  and growth.pupil_id = flags.pupil_id
  and growth.term_no = flags.term_no
  and growth.subject = flags.subject
left join rungs
  on rungs.scale = now.scale
  and rungs.points = flags.expected
left join last_expected
  on last_expected.pupil_id = flags.pupil_id
  and last_expected.subject = flags.subject
order by
  flags.pupil_id,
  flags.subject,
  case flags.reason
    when 'below' then 1
    when 'slow' then 2
    when 'drop' then 3
    when 'off_target' then 4
    else 5
  end
