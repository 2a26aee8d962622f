-- one row is what a result of a term is compared with: by scale, assessment, subject, year group and
-- what the school means by the scale
-- On a scale that is standardised the mean is expected where the settings expect no score. A result of
-- which no year group is known has a standard too.
with
  sat as (
    select distinct
      academic_year, term, term_no, scale, assessment, subject, year_group, meaning
    from outcome_sent
  ),
  told as (
    select
      q.*,
      3 * (y.position - 1) + q.term_no % 3 as position,
      case
        when s.kind = 'ladder' then x.points
        when s.mean_points is not null then s.mean_points
        else p.expected_score
      end as expected_points,
      case
        when s.kind = 'ladder' then x.points
        when not p.judged then null
        when p.expected_score is not null then p.expected_score
        when s.mean_points is not null then standard_score.number
      end as flag_points,
      coalesce(p.higher_score, x.higher_points) as higher_points,
      x.step as expected_step,
      x.outcome as expected_outcome,
      coalesce(p.standard_error, s.spread * sqrt(1 - p.reliability)) as standard_error,
      p.reliability,
      p.expected_paper_no,
      p.error_paper_no,
      s.spread
    from sat as q
    join reference.scale as s
      on s.scale = q.scale
    left join reference.year_group as y
      on y.year_group = q.year_group
    cross join (
      select number from reference.setting where name = 'expected_standard_score'
    ) as standard_score
    left join known_paper as p
      on p.scale = q.scale
      and p.paper = lower(q.assessment)
      and p.subject = q.subject
      and p.year_group = q.year_group
      and p.academic_year = q.academic_year
      and p.term = q.term
    left join reference.expectation as x
      on x.scale = q.scale
      and x.year_group = q.year_group
      and x.term = q.term
      and (
        q.meaning = 'this_point_in_year'
        or (q.year_group in ('2', '6') and q.term = 'summer')
      )
  )
select
  (select coalesce(max(standard_no), 0) from progress.standard) + row_number() over (
    order by term_no, scale, assessment, subject, year_group, meaning
  ) as standard_no,
  *
from told
