-- one row is a class with far more results exactly on the expected threshold than chance puts there
-- code = "heaped_on_threshold"
-- title = "Results are not heaped on the threshold"
-- severity = "note"
-- level = "class"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- audience = "head and data lead"
-- counts = "result"
-- message = "Is there a reason why {detail} pupils of the class have exactly the expected result in {found}?"
-- several = "In {count} classes and subjects many pupils have exactly the expected result. Is there a reason?"
-- fix = "Ask how the results came about: were pupils just below the threshold moved onto it, or was the threshold filled in for those without a result?"
-- why = "Children who are just below are those for whom most can be done; moved onto the threshold they are seen by nobody. On a score the rate is the larger of that of all other classes and the peak of a bell curve as wide as the class, twice over because conversion tables repeat scores; on a ladder it is what classes had in the same term of earlier years."
-- least = { pupils = 15, outcomes = 10, classes = 10 }
-- limits = { doubled = 2.0, chance = 0.001 }
with
  threshold as (
    select distinct
      c.scale,
      c.assessment,
      c.subject,
      c.year_group,
      c.term,
      coalesce(
        cast(x.step as double),
        p.expected_score,
        case when c.scale_kind = 'score' and s.spread is not null then line.number end
      ) as value
    from class_outcome as c
    join reference.scale as s
      on s.scale = c.scale
    cross join (
      select number from reference.setting where name = 'expected_standard_score'
    ) as line
    left join reference.expectation as x
      on x.scale = c.scale
      and x.year_group = c.year_group
      and x.term = c.term
    left join (
      select scale, assessment, year_group, term, max(expected_score) as expected_score
      from reference.paper
      where assessment is not null
      group by scale, assessment, year_group, term
    ) as p
      on p.scale = c.scale
      and p.assessment = lower(c.assessment)
      and coalesce(p.year_group, c.year_group) = c.year_group
      and coalesce(p.term, c.term) = c.term
  ),
  by_class as (
    select
      c.school_id,
      c.academic_year,
      c.term,
      c.term_no,
      c.subject,
      c.scale,
      c.scale_kind,
      c.assessment_kind,
      c.class_name,
      case when c.class_name is null then c.year_group end as whole_year_group,
      min(c.file_id) as file_id,
      sum(c.pupils) as pupils,
      sum(case when c.value = t.value then c.pupils else 0 end) as on_it,
      sum(case when c.value <> t.value then c.pupils * c.value else 0 end) as off_sum,
      sum(case when c.value <> t.value then c.pupils * c.value * c.value else 0 end) as off_squares
    from class_outcome as c
    join threshold as t
      on t.scale = c.scale
      and t.assessment = c.assessment
      and t.subject = c.subject
      and t.year_group = c.year_group
      and t.term = c.term
    where t.value is not null
      and c.value is not null
    group by
      c.school_id, c.academic_year, c.term, c.term_no, c.subject, c.scale, c.scale_kind,
      c.assessment_kind, c.class_name, case when c.class_name is null then c.year_group end
  ),
  totals as (
    select
      b.*,
      r.in_use as outcomes,
      b.on_it / b.pupils as share,
      (
        sum(b.on_it) over everyone - b.on_it
      ) / nullif(sum(b.pupils) over everyone - b.pupils, 0) as elsewhere,
      sqrt(
        greatest(
          b.off_squares / nullif(b.pupils - b.on_it, 0)
            - (b.off_sum / nullif(b.pupils - b.on_it, 0))
            * (b.off_sum / nullif(b.pupils - b.on_it, 0)),
          0
        )
      ) as deviation
    from by_class as b
    join class_result as r
      on r.school_id = b.school_id
      and r.term_no = b.term_no
      and r.subject = b.subject
      and r.scale = b.scale
      and r.assessment_kind = b.assessment_kind
      and r.class_name is not distinct from b.class_name
      and r.whole_year_group is not distinct from b.whole_year_group
    where b.pupils >= $pupils
    window everyone as (partition by b.term_no, b.subject, b.scale, b.assessment_kind)
  ),
  by_term as (
    select
      subject,
      scale,
      assessment_kind,
      term,
      term_no,
      count(*) as classes,
      sum(share) as shares,
      sum(share * share) as squares
    from totals
    group by subject, scale, assessment_kind, term, term_no
  ),
  before as (
    select
      subject,
      scale,
      assessment_kind,
      term_no,
      sum(classes) over earlier as classes,
      sum(shares) over earlier / sum(classes) over earlier as usual,
      sum(squares) over earlier / sum(classes) over earlier as square
    from by_term
    window earlier as (
      partition by subject, scale, assessment_kind, term
      order by term_no
      rows between unbounded preceding and 1 preceding
    )
  ),
  rated as (
    select
      t.*,
      case
        when t.scale_kind = 'score' and t.outcomes >= $outcomes and t.deviation > 0
          then least(
            $doubled * greatest(coalesce(t.elsewhere, 0), 0.4 / t.deviation),
            0.95
          )
        -- as high as in classes two deviations above the others, beyond what chance adds
        when t.scale_kind = 'ladder' and b.classes >= $classes
          then least(
            b.usual + 2 * sqrt(
              greatest(
                b.square - b.usual * b.usual - b.usual * (1 - b.usual) / t.pupils,
                0
              )
            ),
            0.95
          )
      end as rate
    from totals as t
    left join before as b
      on b.subject = t.subject
      and b.scale = t.scale
      and b.assessment_kind = t.assessment_kind
      and b.term_no = t.term_no
  )
select
  school_id,
  academic_year,
  term,
  subject,
  class_name,
  file_id,
  'outcome' as column_name,
  subject || coalesce(', Year ' || whole_year_group, '') as found,
  cast(on_it as varchar) || ' of ' || cast(pupils as varchar) as detail
from rated
where share > rate
  and case
    when share = 1 then pupils * ln(rate)
    else -pupils * (
      share * ln(share / rate) + (1 - share) * ln((1 - share) / (1 - rate))
    )
  end < ln($chance)
