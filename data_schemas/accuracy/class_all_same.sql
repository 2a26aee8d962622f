-- one row is a class in which every pupil has the same result
-- code = "class_all_same"
-- title = "The pupils of a class differ"
-- severity = "note"
-- level = "class"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- audience = "head and data lead"
-- counts = "result"
-- message = "Is it meant that all {detail} pupils of the class have the same result in {found}?"
-- several = "In {count} classes and subjects every pupil has the same result. Is that meant?"
-- fix = "Ask whether one value was filled down the column. If the results are provisional, send them when they are not."
-- why = "One value for all says nothing about any child. Where ten outcomes or more are in use, the chance is that of the commonest one; else it is what classes had in the same term of earlier years."
-- least = { pupils = 15, outcomes = 10, classes = 10 }
-- limits = { chance = 0.001 }
with
  by_term as (
    select
      subject,
      scale,
      assessment_kind,
      term,
      term_no,
      count(*) as classes,
      sum(modal_share) as shares,
      sum(modal_share * modal_share) as squares
    from class_result
    where pupils >= $pupils
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
  )
select
  c.school_id,
  c.academic_year,
  c.term,
  c.subject,
  c.class_name,
  c.file_id,
  'outcome' as column_name,
  c.subject || coalesce(', Year ' || c.whole_year_group, '') as found,
  cast(c.pupils as varchar) as detail
from class_result as c
left join before as b
  on b.subject = c.subject
  and b.scale = c.scale
  and b.assessment_kind = c.assessment_kind
  and b.term_no = c.term_no
where c.pupils >= $pupils
  and c.outcomes = 1
  and (
    (c.in_use >= $outcomes and c.pupils * ln(c.largest_share) < ln($chance))
    or (
      c.in_use < $outcomes
      and b.classes >= $classes
      and c.pupils * ln(b.usual) < ln($chance)
      and 1 - normal_cdf(
        (1 - b.usual) / nullif(sqrt(greatest(b.square - b.usual * b.usual, 0)), 0)
      ) < $chance
    )
  )
