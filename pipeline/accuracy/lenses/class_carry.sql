-- one row is a class with a subject's results beside those of its pupils before
-- A year group where no class is given. `collision` is how often two of its results are the same.
with
  outcome_of_class as (
    select
      school_id,
      term_no,
      subject,
      scale,
      assessment_kind,
      class_name,
      case when class_name is null then year_group end as whole_year_group,
      value,
      count(*) as pupils,
      max(academic_year) as academic_year,
      max(term) as term,
      max(scale_kind) as scale_kind,
      min(file_id) as file_id,
      sum(case when value = value_before then 1 else 0 end) as same,
      sum(z - z_before) as change,
      sum((z - z_before) * (z - z_before)) as squared_change,
      max(term_no_before) as term_no_before
    from carried_result
    group by
      school_id, term_no, subject, scale, assessment_kind, class_name,
      case when class_name is null then year_group end, value
  )
select
  school_id,
  term_no,
  subject,
  scale,
  assessment_kind,
  class_name,
  whole_year_group,
  max(academic_year) as academic_year,
  max(term) as term,
  max(scale_kind) as scale_kind,
  min(file_id) as file_id,
  max(term_no_before) as term_no_before,
  sum(pupils) as pupils,
  count(*) as outcomes,
  sum(same) as same,
  sum(pupils * pupils) / (sum(pupils) * sum(pupils)) as collision,
  sum(change) as change,
  sum(squared_change) as squared_change
from outcome_of_class
group by school_id, term_no, subject, scale, assessment_kind, class_name, whole_year_group
