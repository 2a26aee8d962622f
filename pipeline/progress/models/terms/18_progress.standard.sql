-- one row is what a result of a term is compared with: by scale, assessment, subject, year group and
-- what the school means by the scale
-- Outcomes of a ladder have no paper of their own. A scale that is standardised has its mean where the
-- settings expect no score. A result of whom no year group is known has a standard too.
with
  sat as (
    select distinct
      r.scale,
      r.subject,
      r.academic_year,
      r.term,
      case when s.kind = 'ladder' then '' else r.paper end as paper
    from (
      select scale, subject, academic_year, term, lower(assessment) as paper
      from core.result
      where term_no between getvariable('first_term_no') and getvariable('last_term_no')
      group by scale, subject, academic_year, term, assessment
    ) as r
    join reference.scale as s
      on s.scale = r.scale
  ),
  years as (
    select year_group, position
    from reference.year_group
    union all
    select null, null
  ),
  meanings as (
    select scale, coalesce(meaning, 'this_point_in_year') as meaning
    from reference.scale
    union
    select scale, meaning
    from reference.school_meaning
  ),
  told as (
    select
      q.academic_year,
      q.term,
      t.term_no,
      q.scale,
      q.paper,
      q.subject,
      y.year_group,
      m.meaning,
      3 * (y.position - 1) + t.term_no % 3 as position,
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
    join reference.term as t
      on t.academic_year = q.academic_year
      and t.term = q.term
    join reference.scale as s
      on s.scale = q.scale
    join meanings as m
      on m.scale = q.scale
    cross join years as y
    cross join (
      select number from reference.setting where name = 'expected_standard_score'
    ) as standard_score
    left join known_paper as p
      on p.scale = q.scale
      and p.paper = q.paper
      and p.subject = q.subject
      and p.year_group = y.year_group
      and p.academic_year = q.academic_year
      and p.term = q.term
    left join reference.expectation as x
      on x.scale = q.scale
      and x.year_group = y.year_group
      and x.term = q.term
      and (
        m.meaning = 'this_point_in_year'
        or (y.year_group in ('2', '6') and q.term = 'summer')
      )
  )
select
  (select coalesce(max(standard_no), 0) from progress.standard) + row_number() over (
    order by term_no, scale, paper, subject, year_group, meaning
  ) as standard_no,
  *
from told
