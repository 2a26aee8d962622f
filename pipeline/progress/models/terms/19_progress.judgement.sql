-- one row is an outcome with what it is worth, by what it is compared with and who judged
-- Standardised by rank within a cohort: 100 + 15 × Φ⁻¹((r − 0.5) ÷ n), r the average rank among
-- ties; with a pupils at the mark and b below it, (r − 0.5) ÷ n = (b + a ÷ 2) ÷ n. A mark outside a
-- kept norm stands half a pupil from its end. A code that says that the standard was met has no
-- points, and says nothing of a higher standard.
with
  told as (
    select
      x.*,
      q.assessment_kind,
      q.outcome,
      q.outcome_on_scale,
      q.norm_school,
      n.norm_pupils,
      n.pupils_below,
      n.pupils_at_mark
    from outcome_sent as q
    join progress.standard as x
      on x.term_no = q.term_no
      and x.scale = q.scale
      and x.assessment = q.assessment
      and x.subject = q.subject
      and x.year_group is not distinct from q.year_group
      and x.meaning = q.meaning
    left join mark_in_norm as n
      on q.scale_kind = 'cohort'
      and q.outcome_on_scale
      and n.academic_year = q.academic_year
      and n.term = q.term
      and n.scale = q.scale
      and n.paper = lower(q.assessment)
      and n.subject = q.subject
      and n.year_group = q.year_group
      and n.norm_school = q.norm_school
      and n.mark = try_cast(q.outcome as double)
  ),
  valued as (
    select
      t.*,
      s.kind as scale_kind,
      s.scale_no,
      s.climbs,
      s.mean_points,
      o.step,
      o.low_step,
      coalesce(o.too_low_for_points, false) as too_low,
      o.met_without_points,
      case
        when s.kind = 'ladder' then o.points
        when s.kind = 'score' and t.outcome_on_scale then try_cast(t.outcome as double)
        when t.norm_pupils >= least_pupils.number
          then s.mean_points + s.spread * normal_quantile(
            greatest(
              0.5 / t.norm_pupils,
              least(
                1 - 0.5 / t.norm_pupils,
                (t.pupils_below + t.pupils_at_mark / 2.0) / t.norm_pupils
              )
            )
          )
      end as points
    from told as t
    join reference.scale as s
      on s.scale = t.scale
    cross join (
      select number from reference.setting where name = 'norm_minimum_pupils'
    ) as least_pupils
    left join reference.outcome as o
      on o.scale = t.scale
      and o.text = upper(replace(t.outcome, ' ', ''))
  ),
  judged as (
    select
      *,
      case
        when outcome is null then attained('not_assessed')
        when too_low and flag_points is not null then attained('below')
        when met_without_points is not null and flag_points is not null
          then case
            when met_without_points then attained('at_expectation') else attained('below')
          end
        when points is null or flag_points is null then attained('not_comparable')
        when points < flag_points then attained('below')
        else attained('at_expectation')
      end as attainment_status
    from valued
  )
select
  (select coalesce(max(judgement_no), 0) from progress.judgement) + row_number() over (
    order by
      o.standard_no, o.assessment_kind, o.outcome, o.outcome_on_scale, o.norm_school
  ) as judgement_no,
  o.term_no,
  o.standard_no,
  o.assessment_kind,
  o.outcome,
  o.outcome_on_scale,
  o.norm_school,
  o.norm_pupils,
  o.points,
  o.step,
  o.low_step,
  o.met_without_points,
  o.attainment_status,
  case o.attainment_status when 'at_expectation' then true when 'below' then false end
    as at_expected,
  case
    when o.attainment_status = 'at_expectation' and o.points is null then null
    when o.attainment_status in ('at_expectation', 'below') and o.higher_points is not null
      then coalesce(o.points >= o.higher_points, false)
  end as at_higher,
  (o.expected_points - o.points) / o.spread as gap_sd,
  case
    when o.expected_step is null then null
    when o.attainment_status = 'at_expectation' then 0
    when o.attainment_status = 'below' then o.expected_step - o.step
  end as steps_under,
  case
    when o.climbs and o.attainment_status = 'at_expectation' then 0
    when o.climbs and o.attainment_status = 'below' and o.points is not null
      then o.position - coalesce(s.last_position, s.first_position - 1)
  end as terms_behind,
  -- Scale and kind in the last three digits; before them, the school of a mark without a named
  -- paper, whose norm is the school's own. None where results of two terms are not one measure, nor
  -- for a code that says only whether a standard was reached.
  case
    when o.met_without_points is not null then null
    when o.scale_kind = 'ladder' or o.mean_points is not null
      then 2 * o.scale_no
        + case when o.assessment_kind = 'test' then 1 else 0 end
        + 1000 * cast(o.norm_school as bigint)
  end as series_no
from judged as o
left join points_expected as s
  on s.scale = o.scale
  and s.points = o.points
  and s.position = o.position
