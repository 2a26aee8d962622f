-- one row is a file and subject with marks, percentages or ages in the place of scores
-- code = "marks_for_scores"
-- title = "A column of scores holds scores"
-- severity = "error"
-- level = "file"
-- owner = "data lead"
-- system = "the test supplier's site"
-- counts = "result"
-- message = "Most of the values on the scale '{found}' are none that such a test gives ({detail}): they look like raw marks, percentages or ages."
-- several = "{count} sets of values are none that their test gives: they look like raw marks, percentages or ages."
-- fix = "Export the column with the standardised or scaled score, not the mark beside it; or, if they are raw marks, give the scale as raw."
-- why = "A percentage read as a standardised score puts half of the class far below expectation."
-- least = { pupils = 10 }
-- limits = { share = 0.5, spreads = 2.0 }
-- explains = ["score_out_of_range", "outcome_not_on_scale"]
with
  valued as (
    select
      c.*,
      coalesce(s.mean_points - $spreads * s.spread, s.minimum) as low,
      coalesce(s.mean_points + $spreads * s.spread, s.maximum) as high,
      coalesce(
        c.value,
        try_cast(replace(replace(c.outcome, ':', '.'), '%', '') as double)
      ) as number
    from class_outcome as c
    join reference.scale as s
      on s.scale = c.scale
    where s.kind = 'score'
  ),
  summed as (
    select
      school_id,
      academic_year,
      term,
      subject,
      scale,
      assessment,
      file_id,
      sum(pupils) as pupils,
      sum(case when number < low or number > high then pupils else 0 end) as outside
    from valued
    where number is not null
    group by school_id, academic_year, term, subject, scale, assessment, file_id
  )
select
  school_id,
  academic_year,
  term,
  subject,
  file_id,
  'outcome' as column_name,
  scale as found,
  cast(outside as varchar) || ' of ' || cast(pupils as varchar) as detail
from summed
where pupils >= $pupils
  and outside > $share * pupils
