-- one row is a class whose results as a whole have moved away from its pupils' last ones
-- code = "class_mean_shifted"
-- title = "A class as a whole moves with the others"
-- severity = "note"
-- level = "class"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- audience = "head and data lead"
-- counts = "result"
-- message = "Is there a reason why the whole class is {found} than its pupils were the time before, compared with all others? By {detail} standard deviations."
-- several = "{count} classes as a whole are far higher or lower than their pupils were the time before, compared with all others. Is there a reason?"
-- fix = "Look at the paper, the marking and the column that was exported. A class can rise or fall together; a wrong mark scheme or paper looks the same."
-- why = "If a whole class moves at once it is rarely the children. The change is measured against all other classes with the same assessment; a class is named where even the near end of its interval is half a standard deviation away and it lies outside what other classes do."
-- least = { pupils = 15, outcomes = 10, others = 30, classes = 10 }
-- limits = { shift = 0.5, chance = 0.001 }
with
  classes_of_size as (
    select
      *,
      change / pupils as mean,
      outcomes >= $outcomes and scale_kind <> 'ladder' as is_fine
    from class_carry
    where pupils >= $pupils
      and change is not null
  ),
  summed as (
    select
      *,
      count(*) over everyone - 1 as classes,
      sum(pupils) over everyone - pupils as other_pupils,
      (sum(change) over everyone - change)
        / nullif(sum(pupils) over everyone - pupils, 0) as usual,
      -- a class that has moved further is not what makes such moves usual
      (
        sum(least(mean * mean, $shift * $shift)) over everyone
          - least(mean * mean, $shift * $shift)
      ) / nullif(count(*) over everyone - 1, 0) as other_square,
      sqrt(greatest(squared_change / pupils - mean * mean, 0) / (pupils - 1)) as error
    from classes_of_size
    window everyone as (partition by term_no, subject, scale, assessment_kind)
  ),
  by_term as (
    select
      subject,
      scale,
      assessment_kind,
      term,
      term_no,
      count(*) as classes,
      sum(mean * mean) as squares
    from classes_of_size
    group by subject, scale, assessment_kind, term, term_no
  ),
  before as (
    select
      subject,
      scale,
      assessment_kind,
      term_no,
      sum(classes) over earlier as earlier_classes,
      sqrt(sum(squares) over earlier / sum(classes) over earlier) as earlier_deviation
    from by_term
    window earlier as (
      partition by subject, scale, assessment_kind, term
      order by term_no
      rows between unbounded preceding and 1 preceding
    )
  ),
  moved as (
    select
      s.*,
      s.mean - s.usual as shift,
      b.earlier_classes,
      b.earlier_deviation,
      sqrt(s.other_square) as deviation
    from summed as s
    left join before as b
      on b.subject = s.subject
      and b.scale = s.scale
      and b.assessment_kind = s.assessment_kind
      and b.term_no = s.term_no
  )
select
  school_id,
  academic_year,
  term,
  subject,
  class_name,
  file_id,
  'outcome' as column_name,
  case when shift > 0 then 'higher' else 'lower' end
    || coalesce(' (Year ' || whole_year_group || ')', '') as found,
  cast(round(abs(shift), 1) as varchar) as detail
from moved
where other_pupils >= $others
  and abs(shift) - normal_quantile(1 - $chance / 2) * error > $shift
  and 2 * (1 - normal_cdf(abs(shift) / nullif(sqrt(deviation * deviation + error * error), 0)))
    < $chance
  and (
    is_fine
    or (
      earlier_classes >= $classes
      and 2 * (1 - normal_cdf(abs(shift) / nullif(earlier_deviation, 0))) < $chance
    )
  )
