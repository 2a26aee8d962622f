-- one row is a class and subject in which the teacher's judgements lie far from the test
-- code = "teacher_far_from_test"
-- title = "A class's judgements and tests agree on the whole"
-- severity = "note"
-- level = "class"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- audience = "head and data lead"
-- counts = "result"
-- message = "Are the judgements in this class meant to lie so far {found} what the test says? The mean difference, in standard deviations of all classes, and its interval: {detail}."
-- several = "In {count} classes and subjects judgements lie far from what the test says. Is that meant?"
-- fix = "Look at some pupils' work together with a colleague of another class (moderation). Either the judgements or the tests may be off."
-- why = "A whole class judged kindly hides those who need help; a whole class judged strictly fills the list."
-- least = { pupils = 15, judged = 60 }
-- limits = { shift = 0.5, chance = 0.005 }
with
  placed as (
    select
      *,
      count(*) over same_judged as judged,
      avg(step) over same_judged as mean_step,
      stddev_samp(step) over same_judged as deviation_step,
      avg(z) over same_judged as mean_z,
      stddev_samp(z) over same_judged as deviation_z,
      corr(step, z) over same_judged as correlation
    from judged_twice
    window same_judged as (partition by term_no, subject, scale, test_scale, year_group)
  ),
  residual as (
    select
      *,
      (step - mean_step) / deviation_step
        - correlation * (z - mean_z) / deviation_z as residual
    from placed
    where deviation_step > 0
      and deviation_z > 0
      and judged >= $judged
  ),
  by_class as (
    select
      school_id,
      academic_year,
      term,
      subject,
      class_name,
      min(file_id) as file_id,
      count(*) as pupils,
      avg(residual) as mean,
      stddev_samp(residual) / sqrt(count(*)) as error,
      max(judged) as judged
    from residual
    where class_name is not null
    group by school_id, academic_year, term, subject, scale, test_scale, class_name
  ),
  bounded as (
    select
      *,
      normal_quantile(1 - $chance) * error as reach
    from by_class
  )
select
  school_id,
  academic_year,
  term,
  subject,
  class_name,
  file_id,
  'outcome' as column_name,
  case when mean > 0 then 'above' else 'below' end as found,
  cast(round(mean, 1) as varchar) || ' (' || cast(round(mean - reach, 1) as varchar) || ' to '
    || cast(round(mean + reach, 1) as varchar) || ')' as detail
from bounded
where pupils >= $pupils
  and judged >= 2 * pupils
  and abs(mean) - reach > $shift
