-- one row is a result made comparable, whether it decides, and with what it is compared
-- Standardised by rank within a cohort: 100 + 15 × Φ⁻¹((r − 0.5) ÷ n), r the average rank among
-- ties; with a pupils at the mark and b below it, (r − 0.5) ÷ n = (b + a ÷ 2) ÷ n. A mark outside a
-- kept norm stands half a pupil from its end. Only what a school sees can decide.
with
  results as (
    select
      r.*,
      s.kind as scale_kind,
      s.scale_no,
      s.climbs,
      s.mean_points,
      s.spread,
      coalesce(m.meaning, s.meaning, 'this_point_in_year') as meaning,
      o.points as outcome_points,
      o.step,
      o.low_step,
      coalesce(o.too_low_for_points, false) as too_low,
      o.met_without_points as met,
      case
        when not s.judged or o.met_without_points is not null then null
        when s.kind = 'ladder' then g.points
        when s.kind = 'score'
          and try_cast(r.target as double) between coalesce(s.minimum, cast('-infinity' as double))
          and coalesce(s.maximum, cast('infinity' as double))
          then try_cast(r.target as double)
      end as target_points,
      case when s.kind <> 'ladder' and r.outcome_on_scale
        then try_cast(r.outcome as double) end as score
    from placed_result as r
    join reference.scale as s
      on s.scale = r.scale
    left join reference.school_meaning as m
      on m.school_id = r.school_id
      and m.scale = r.scale
    left join reference.outcome as o
      on o.scale = r.scale
      and o.text = upper(replace(r.outcome, ' ', ''))
    left join reference.outcome as g
      on g.scale = r.scale
      and g.text = upper(replace(r.target, ' ', ''))
    where r.pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')
  ),
  expected as (
    select
      r.*,
      x.standard_no,
      x.flag_points,
      x.position,
      n.norm_pupils,
      case
        when r.scale_kind = 'ladder' then r.outcome_points
        when r.scale_kind = 'score' then r.score
        when n.norm_pupils >= least_pupils.number then r.mean_points + r.spread * normal_quantile(
          greatest(
            0.5 / n.norm_pupils,
            least(1 - 0.5 / n.norm_pupils, (n.pupils_below + n.pupils_at_mark / 2.0) / n.norm_pupils)
          )
        )
      end as points
    from results as r
    cross join (
      select number from reference.setting where name = 'norm_minimum_pupils'
    ) as least_pupils
    left join progress.standard as x
      on x.term_no = r.term_no
      and x.scale = r.scale
      and x.assessment = r.assessment
      and x.subject = r.subject
      and x.year_group is not distinct from r.year_group
      and x.meaning = r.meaning
    left join mark_in_norm as n
      on r.scale_kind = 'cohort'
      and n.academic_year = r.academic_year
      and n.term = r.term
      and n.scale = r.scale
      and n.paper = r.paper
      and n.subject = r.subject
      and n.year_group = r.year_group
      and n.norm_school = case when r.paper = '' then r.school_id else 0 end
      and n.score = r.score
  ),
  judged as (
    select
      *,
      case
        when outcome is null then attained('not_assessed')
        when too_low and flag_points is not null then attained('below')
        when met is not null and flag_points is not null
          then case when met then attained('at_expectation') else attained('below') end
        when points is null or flag_points is null then attained('not_comparable')
        when points < flag_points then attained('below')
        else attained('at_expectation')
      end as attainment_status
    from expected
  )
select
  o.pupil_id,
  o.school_id,
  o.term_no,
  o.subject,
  o.assessment_kind,
  o.attempt,
  o.assessment_date,
  o.outcome,
  o.no_result_reason,
  o.target,
  o.target_term,
  b.file_id is null as decides,
  o.seen,
  o.points,
  case
    when o.climbs and o.attainment_status = 'at_expectation' then 0
    when o.climbs and o.attainment_status = 'below' and o.points is not null
      then o.position - coalesce(s.last_position, s.first_position - 1)
  end as terms_behind,
  o.step,
  o.low_step,
  o.target_points,
  -- Scale and kind in the last three digits; before them, the school of a mark without a named
  -- paper, whose norm is the school's own. None where results of two terms are not one measure, nor
  -- for a code that says only whether a standard was reached.
  case
    when o.met is not null then null
    when o.scale_kind = 'ladder' or o.mean_points is not null
      then 2 * o.scale_no
        + case when o.assessment_kind = 'test' then 1 else 0 end
        + case
          when o.scale_kind = 'cohort' and o.paper = '' then 1000 * cast(o.school_id as bigint)
          else 0
        end
  end as series_no,
  o.standard_no,
  o.norm_pupils,
  o.attainment_status,
  o.file_id,
  o.line
from judged as o
left join result_set_behind as b
  on b.file_id = o.file_id
  and b.line = o.line
  and b.item = o.item
left join points_expected as s
  on s.scale = o.scale
  and s.points = o.points
  and s.position = o.position
