-- one row is a class whose results in a subject are those of its pupils' last ones
-- code = "copied_forward"
-- title = "Results are not copied forward"
-- severity = "note"
-- level = "class"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- audience = "head and data lead"
-- counts = "result"
-- message = "Was there a new assessment in {found}? {detail} have exactly the result that they had the time before."
-- several = "In {count} classes and subjects nearly all pupils have exactly the result that they had the time before. Was there a new assessment?"
-- fix = "Ask whether there was a new assessment. If there was none, leave the results out of this term rather than carry the old ones forward."
-- why = "A result that was copied forward says that a child has stood still, and no one looks again. On a fine scale the rate of equal results is bounded by how often two results of the class are the same and a correlation of 0.95 between terms; on a coarse one, and on every ladder, it is that of the same term in earlier years, so that honest slow progress is not questioned."
-- least = { pupils = 15, outcomes = 10, classes = 10 }
-- limits = { correlation = 0.95, chance = 0.001 }
with
  rate as (
    select
      *,
      same / pupils as share,
      case
        when scale_kind <> 'ladder' and outcomes >= $outcomes
          then least(collision / sqrt(1 - $correlation * $correlation), 0.95)
      end as fine_rate
    from class_carry
    where pupils >= $pupils
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
    from rate
    group by subject, scale, assessment_kind, term, term_no
  ),
  before as (
    select
      subject,
      scale,
      assessment_kind,
      term_no,
      sum(classes) over earlier as classes,
      sum(shares) over earlier as shares,
      sum(squares) over earlier as squares
    from by_term
    window earlier as (
      partition by subject, scale, assessment_kind, term
      order by term_no
      rows between unbounded preceding and 1 preceding
    )
  ),
  judged as (
    select
      r.*,
      case
        when r.fine_rate is null or r.share <= r.fine_rate then null
        when r.share = 1 then r.pupils * ln(r.fine_rate)
        else -r.pupils * (
          r.share * ln(r.share / r.fine_rate)
          + (1 - r.share) * ln((1 - r.share) / (1 - r.fine_rate))
        )
      end as log_chance,
      b.shares / b.classes as usual,
      b.classes as classes,
      sqrt(
        greatest(
          b.squares / b.classes - (b.shares / b.classes) * (b.shares / b.classes),
          (b.shares / b.classes) * (1 - b.shares / b.classes) / r.pupils
        )
      ) as deviation
    from rate as r
    left join before as b
      on b.subject = r.subject
      and b.scale = r.scale
      and b.assessment_kind = r.assessment_kind
      and b.term_no = r.term_no
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
  cast(same as varchar) || ' of ' || cast(pupils as varchar) || ' pupils' as detail
from judged
where log_chance < ln($chance)
  or (
    fine_rate is null
    and classes >= $classes
    and 1 - normal_cdf((share - usual) / nullif(deviation, 0)) < $chance
  )
