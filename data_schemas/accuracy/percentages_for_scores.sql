-- one row is a file and subject with what seem to be percentages in the place of standardised scores
-- code = "percentages_for_scores"
-- title = "Standardised scores are no percentages"
-- severity = "warning"
-- level = "file"
-- owner = "data lead"
-- system = "the test supplier's site"
-- counts = "result"
-- message = "The values on the scale '{found}' look like percentages: {detail}."
-- several = "{count} sets of values on a scale of standardised scores look like percentages."
-- fix = "Compare a few with the test papers. If they are percentages, export the column with the standardised score instead; if they are scores, there is nothing to do."
-- why = "A percentage between 70 and 100 passes for a score, and a child with most answers right would be taken to be below the mean. Scores have no top at 100, and do not fall on the percentages that a paper of so many marks can give; of honest classes, weak ones too, fewer than one in a thousand looks so."
-- least = { pupils = 10, together = 60 }
-- limits = { chance = 0.0001 }
with
  scored as (
    select
      c.school_id,
      c.academic_year,
      c.term,
      c.subject,
      c.scale,
      c.assessment,
      c.year_group,
      c.file_id,
      c.value,
      c.pupils
    from class_outcome as c
    join reference.scale as s
      on s.scale = c.scale
    where s.kind = 'score'
      and s.spread is not null
      and s.mean_points = 100
      and c.value is not null
  ),
  under_100 as (
    select
      *,
      max(value) over of_paper as highest,
      sum(pupils) over of_paper as sat
    from scored
    window of_paper as (
      partition by school_id, academic_year, term, subject, scale, assessment, year_group, file_id
    )
  ),
  -- how many of the numbers 0 to 100 are percentages of a paper of so many marks, rounded either way
  paper (marks, percentages) as (
    values (10, 11), (12, 13), (15, 16), (16, 21), (18, 19), (20, 21), (24, 29), (25, 26), (28, 29),
      (30, 31), (32, 37), (35, 36), (36, 37), (40, 61), (45, 46), (50, 51), (60, 61)
  ),
  on_a_paper as (
    select
      u.school_id,
      u.academic_year,
      u.term,
      u.subject,
      u.scale,
      u.file_id,
      max(u.sat) as pupils,
      p.marks
    from under_100 as u
    cross join paper as p
    where u.highest <= 100
      and u.sat >= $pupils
    group by
      u.school_id, u.academic_year, u.term, u.subject, u.scale, u.assessment, u.year_group,
      u.file_id, p.marks
    having max(
        abs(u.value * p.marks / 100 - round(u.value * p.marks / 100)) - 0.5 * p.marks / 100
      ) < 0.000001
      and count(distinct u.value) * ln(max(p.percentages) / 101) < ln($chance)
  ),
  -- a bell curve as high and wide as these would go beyond 100
  cut_at_100 as (
    select
      school_id,
      academic_year,
      term,
      subject,
      scale,
      file_id,
      sum(pupils) as pupils,
      sum(pupils * value) / sum(pupils) as mean,
      sum(pupils * value * value) / sum(pupils) as square
    from scored
    group by school_id, academic_year, term, subject, scale, assessment, file_id
    having max(value) <= 100
      and sum(pupils) >= $together
  ),
  told as (
    select
      school_id,
      academic_year,
      term,
      subject,
      scale,
      file_id,
      'all ' || cast(pupils as varchar) || ' of a year group are percentages of a paper of '
        || cast(marks as varchar) || ' marks, and none is over 100' as detail
    from on_a_paper
    union all
    select
      school_id,
      academic_year,
      term,
      subject,
      scale,
      file_id,
      'none of ' || cast(pupils as varchar) || ' is over 100, though many are near it'
    from cut_at_100
    where pupils * ln(normal_cdf((100.5 - mean) / nullif(sqrt(greatest(square - mean * mean, 0)), 0)))
      < ln($chance)
  )
select
  school_id,
  academic_year,
  term,
  subject,
  file_id,
  'outcome' as column_name,
  scale as found,
  min(detail) as detail
from told
group by school_id, academic_year, term, subject, file_id, scale
