-- one row is a result made comparable, and whether it decides
-- Standardised by rank within a cohort: 100 + 15 × Φ⁻¹((r − 0.5) ÷ n), r the average rank among
-- ties; with a pupils at the mark and b below it, (r − 0.5) ÷ n = (b + a ÷ 2) ÷ n. A mark outside a
-- kept norm stands half a pupil from its end. The year group is that of the main school of the
-- term, wherever the result comes from. A school sees a result of another one only up to the day on
-- which the pupil joined it (`seen`), and only what it sees can decide.
with
  results as (
    select
      r.*,
      lower(r.assessment) as paper,
      coalesce(main.year_group, here.year_group) as year_group,
      y.position as year_position,
      coalesce(here.on_roll, false) as main_school,
      main.school_id is null
        or main.school_id = r.school_id
        or coalesce(r.assessment_date <= main.entry_date, false) as seen,
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
    from core.result as r
    join reference.scale as s
      on s.scale = r.scale
    left join reference.school_meaning as m
      on m.school_id = r.school_id
      and m.scale = r.scale
    left join core.enrolment as main
      on main.pupil_id = r.pupil_id
      and main.term_no = r.term_no
      and main.on_roll
    left join core.enrolment as here
      on here.pupil_id = r.pupil_id
      and here.school_id = r.school_id
      and here.term_no = r.term_no
    left join reference.year_group as y
      on y.year_group = coalesce(main.year_group, here.year_group)
    left join reference.outcome as o
      on o.scale = r.scale
      and o.text = upper(replace(r.outcome, ' ', ''))
    left join reference.outcome as g
      on g.scale = r.scale
      and g.text = upper(replace(r.target, ' ', ''))
  ),
  sat as (
    select distinct scale, paper, subject, year_group, academic_year, term
    from results
    where scale_kind <> 'ladder'
  ),
  -- what is said of a named paper goes before what is said of any paper of the scale
  known_papers as (
    select *, row(assessment is not null, paper_no) as weight
    from reference.paper
  ),
  papers as (
    select
      q.scale,
      q.paper,
      q.subject,
      q.year_group,
      q.academic_year,
      q.term,
      bool_and(p.judged) as judged,
      arg_max(p.expected_score, p.weight) filter (where p.expected_score is not null)
        as expected_score,
      arg_max(p.paper_no, p.weight) filter (where p.expected_score is not null)
        as expected_paper_no,
      arg_max(p.higher_score, p.weight) filter (where p.higher_score is not null) as higher_score,
      arg_max(p.standard_error, p.weight) filter (where p.standard_error is not null)
        as standard_error,
      arg_max(p.reliability, p.weight) filter (where p.reliability is not null) as reliability,
      arg_max(p.paper_no, p.weight) filter (
        where coalesce(p.standard_error, p.reliability) is not null
      ) as error_paper_no
    from sat as q
    join known_papers as p
      on p.scale = q.scale
      and coalesce(p.assessment, q.paper) = q.paper
      and coalesce(p.subject, q.subject) = q.subject
      and coalesce(p.year_group, q.year_group) = q.year_group
      and coalesce(p.academic_year, q.academic_year) = q.academic_year
      and coalesce(p.term, q.term) = q.term
    group by q.scale, q.paper, q.subject, q.year_group, q.academic_year, q.term
  ),
  marks as (
    select distinct
      academic_year,
      term,
      scale,
      paper,
      subject,
      year_group,
      case when paper = '' then school_id else 0 end as norm_school,
      score
    from results
    where scale_kind = 'cohort'
      and score is not null
  ),
  norms as (
    select
      m.academic_year,
      m.term,
      m.scale,
      m.paper,
      m.subject,
      m.year_group,
      m.norm_school,
      m.score,
      max(n.norm_pupils) as norm_pupils,
      sum(case when n.mark < m.score then n.pupils_at_mark else 0 end) as pupils_below,
      sum(case when n.mark = m.score then n.pupils_at_mark else 0 end) as pupils_at_mark
    from marks as m
    join progress.norm as n
      on n.academic_year = m.academic_year
      and n.term = m.term
      and n.scale = m.scale
      and n.assessment = m.paper
      and n.subject = m.subject
      and n.year_group = m.year_group
      and n.school_id = m.norm_school
    group by
      m.academic_year, m.term, m.scale, m.paper, m.subject, m.year_group, m.norm_school,
      m.score
  ),
  expected as (
    select
      r.*,
      p.expected_score,
      p.higher_score,
      coalesce(p.standard_error, r.spread * sqrt(1 - p.reliability)) as standard_error,
      p.reliability,
      p.expected_paper_no,
      p.error_paper_no,
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
      end as points,
      x.outcome as expected_outcome,
      x.step as expected_step,
      case
        when r.scale_kind = 'ladder' then x.points
        when r.mean_points is not null then r.mean_points
        else p.expected_score
      end as expected_points,
      case
        when r.scale_kind = 'ladder' then x.points
        when not p.judged then null
        when p.expected_score is not null then p.expected_score
        when r.mean_points is not null then standard_score.number
      end as flag_points,
      coalesce(p.higher_score, x.higher_points) as higher_points
    from results as r
    cross join (
      select number from reference.setting where name = 'expected_standard_score'
    ) as standard_score
    cross join (
      select number from reference.setting where name = 'norm_minimum_pupils'
    ) as least_pupils
    left join papers as p
      on p.scale = r.scale
      and p.paper = r.paper
      and p.subject = r.subject
      and p.year_group = r.year_group
      and p.academic_year = r.academic_year
      and p.term = r.term
    left join norms as n
      on r.scale_kind = 'cohort'
      and n.academic_year = r.academic_year
      and n.term = r.term
      and n.scale = r.scale
      and n.paper = r.paper
      and n.subject = r.subject
      and n.year_group = r.year_group
      and n.norm_school = case when r.paper = '' then r.school_id else 0 end
      and n.score = r.score
    left join reference.expectation as x
      on x.scale = r.scale
      and x.year_group = r.year_group
      and x.term = r.term
      and (
        r.meaning = 'this_point_in_year'
        or (r.year_group in ('2', '6') and r.term = 'summer')
      )
  ),
  judged as (
    select
      *,
      case
        when outcome is null then 'not_assessed'
        when too_low and flag_points is not null then 'below'
        when met is not null and flag_points is not null
          then case when met then 'at_expectation' else 'below' end
        when points is null or flag_points is null then 'not_comparable'
        when points < flag_points then 'below'
        else 'at_expectation'
      end as attainment_status,
      3 * (year_position - 1) + term_no % 3 as position
    from expected
  ),
  stood as (
    select
      j.scale,
      j.points,
      j.position,
      max(x.position) filter (where x.points <= j.points) as last_position,
      min(x.position) as first_position
    from (
      select distinct scale, points, position
      from judged
      where climbs
        and attainment_status = 'below'
        and points is not null
    ) as j
    join reference.expectation as x
      on x.scale = j.scale
      and x.position <= j.position
    group by j.scale, j.points, j.position
  ),
  ordered as (
    select
      j.*,
      row_number() over (
        partition by j.pupil_id, j.term_no, j.subject
        order by
          j.seen desc,
          j.outcome is not null desc,
          j.assessment_kind = coalesce(d.assessment_kind, preferred.value) desc,
          j.assessment_date desc nulls last,
          j.main_school desc,
          j.file_id desc,
          j.line desc,
          j.item desc
      ) = 1 as decides
    from judged as j
    cross join (
      select value from reference.setting where name = 'decides'
    ) as preferred
    left join reference.due as d
      on d.year_group = j.year_group
      and d.subject = j.subject
      and d.term = j.term
  )
select
  o.pupil_id,
  o.school_id,
  o.academic_year,
  o.term,
  o.term_no,
  o.year_group,
  o.subject,
  o.scale,
  o.assessment_kind,
  o.assessment,
  o.attempt,
  o.assessment_date,
  o.outcome,
  o.no_result_reason,
  o.target,
  o.target_term,
  o.decides,
  o.seen,
  o.points,
  o.expected_points,
  o.flag_points,
  o.higher_points,
  (o.expected_points - o.points) / o.spread as gap_sd,
  case
    when o.climbs and o.attainment_status = 'at_expectation' then 0
    when o.climbs and o.attainment_status = 'below' and o.points is not null
      then o.position - coalesce(s.last_position, s.first_position - 1)
  end as terms_behind,
  case
    when o.scale_kind = 'ladder' and o.attainment_status = 'at_expectation' then 0
    when o.scale_kind = 'ladder' and o.attainment_status = 'below' then o.expected_step - o.step
  end as steps_under,
  o.step,
  o.low_step,
  o.expected_step,
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
  o.standard_error,
  o.reliability,
  o.expected_paper_no,
  o.error_paper_no,
  o.norm_pupils,
  case o.attainment_status when 'at_expectation' then true when 'below' then false end
    as at_expected,
  case
    when coalesce(o.met, false) then null
    when o.attainment_status in ('at_expectation', 'below') and o.higher_points is not null
      then coalesce(o.points >= o.higher_points, false)
  end as at_higher,
  o.attainment_status,
  o.expected_outcome,
  o.file_id,
  o.line
from ordered as o
left join stood as s
  on s.scale = o.scale
  and s.points = o.points
  and s.position = o.position
