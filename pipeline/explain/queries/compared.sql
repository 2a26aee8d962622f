-- one row is a subject due: what progress and target were judged by, or why they were not.
-- The figures are those of the views that the statuses are made from (`22` to `28` of
-- progress/models/pupils). `drop_said` and `slow_said` name the first of what stands in the way of a judgement.
with
  results as (
    select
      a.*,
      coalesce(scale.title, a.scale) as scale_title,
      scale.kind as scale_kind
    from progress.attainment as a
    join reference.scale as scale
      on scale.scale = a.scale
    where a.pupil_id = $pupil_id
      and a.decides
      and a.seen
  ),
  limits as (
    select
      max(number) filter (where name = 'noise_factor') as noise_factor,
      max(number) filter (where name = 'noise_steps') as noise_steps,
      max(number) filter (where name = 'few_outcomes') as few_outcomes,
      cast(max(number) filter (where name = 'settling_terms') as integer) as settling_terms
    from reference.setting
  ),
  judged as (
    select
      t.subject,
      t.term_no,
      t.own_steps,
      t.slow,
      t.dropped,
      t.off_target,
      t.progress_status,
      l.*,
      case when t.own_steps then r.own_short_since_base else r.short_since_base end
        as short_since_base,
      case when t.own_steps then r.own_short_since_year else r.short_since_year end
        as short_since_year,
      r.fell_by,
      r.noise,
      r.on_target,
      case
        when t.attainment_status = 'not_assessed' then 'not_assessed'
        when t.attainment_status = 'not_comparable' and not t.own_steps then 'not_comparable'
        when t.new_to_school then 'new_to_school'
        when a.series_no is null then 'not_one_measure'
        when r.level_now is null then 'no_level'
        when r.rungs is null and r.error is null then 'error_unknown'
        when r.last_term_no is null
          then case when exists (
            select 1
            from results as other
            where other.subject = t.subject
              and other.term_no < t.term_no
              and other.outcome is not null
          ) then 'measured_otherwise' else 'none_earlier' end
      end as not_judged,
      r.few_outcomes as on_few_outcomes,
      r.measures,
      r.too_low,
      case when t.own_steps then r.own_slow else r.slow end as is_slow,
      r.last_level,
      r.last_error,
      r.last_term_no,
      r.before_term_no,
      r.earlier_term_no,
      r.base_term_no,
      r.year_level,
      case when t.own_steps then r.year_low_step end as year_low_step,
      a.scale_kind,
      a.scale_title,
      a.assessment_kind,
      a.outcome,
      a.points,
      a.standard_error,
      a.target,
      coalesce(a.target_term, 'summer') as target_term,
      a.target_points
    from progress.status as t
    cross join limits as l
    left join results as a
      on a.term_no = t.term_no
      and a.subject = t.subject
    left join (
      select * from dropped_result where pupil_id = $pupil_id
    ) as r
      on r.term_no = t.term_no
      and r.subject = t.subject
    where t.pupil_id = $pupil_id
      and t.term_no = $term_no
  )
select
  j.*,
  coalesce(
    j.not_judged,
    case
      when j.last_level is null then 'last_has_no_level'
      when j.scale_kind <> 'ladder' and j.last_error is null then 'last_error_unknown'
      when j.on_few_outcomes and j.last_term_no < j.term_no - 1 then 'none_the_term_before'
      when j.on_few_outcomes and j.fell_by is null then 'few_earlier'
      when j.dropped then 'holds'
      else 'holds_not'
    end
  ) as drop_said,
  coalesce(
    j.not_judged,
    case
      when not j.measures then 'no_expectation'
      when j.year_level is null and j.year_low_step is null then 'none_last_year'
      when j.slow then 'holds'
      when j.is_slow is null then 'under_the_scale'
      else 'holds_not'
    end
  ) as slow_said,
  last.outcome as last_outcome,
  last.points as last_points,
  last.standard_error as last_standard_error,
  last.file_id as last_file_id,
  last.line as last_line,
  before.outcome as before_outcome,
  before.points as before_points,
  before.file_id as before_file_id,
  before.line as before_line,
  earlier.outcome as earlier_outcome,
  earlier.points as earlier_points,
  earlier.file_id as earlier_file_id,
  earlier.line as earlier_line,
  base.outcome as base_outcome,
  base.points as base_points,
  base.file_id as base_file_id,
  base.line as base_line,
  year.outcome as year_outcome,
  year.points as year_points,
  year.file_id as year_file_id,
  year.line as year_line,
  j.term_no - 3 as year_term_no
from judged as j
left join results as last
  on last.subject = j.subject
  and last.term_no = j.last_term_no
left join results as before
  on before.subject = j.subject
  and before.term_no = j.before_term_no
left join results as earlier
  on earlier.subject = j.subject
  and earlier.term_no = j.earlier_term_no
left join results as base
  on base.subject = j.subject
  and base.term_no = j.base_term_no
left join results as year
  on year.subject = j.subject
  and year.term_no = j.term_no - 3
  and (j.year_level is not null or j.year_low_step is not null)
