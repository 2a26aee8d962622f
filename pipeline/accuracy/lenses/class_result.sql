-- one row is a class with results of a subject on a scale, or a year group where no class is given
-- `in_use` counts the outcomes of its year groups in all schools that at least 1 % of pupils have.
with
  by_year_group as (
    select term_no, subject, scale, assessment_kind, year_group, outcome, sum(pupils) as pupils
    from class_outcome
    where value is not null
    group by term_no, subject, scale, assessment_kind, year_group, outcome
  ),
  shared as (
    select
      *,
      pupils / sum(pupils) over (
        partition by term_no, subject, scale, assessment_kind, year_group
      ) as share
    from by_year_group
  ),
  everywhere as (
    select
      term_no,
      subject,
      scale,
      assessment_kind,
      year_group,
      sum(case when share >= 0.01 then 1 else 0 end) as in_use,
      max(share) as largest_share
    from shared
    group by term_no, subject, scale, assessment_kind, year_group
  ),
  outcome_of_class as (
    select
      c.school_id,
      c.term_no,
      c.subject,
      c.scale,
      c.assessment_kind,
      c.class_name,
      case when c.class_name is null then c.year_group end as whole_year_group,
      c.outcome,
      max(c.academic_year) as academic_year,
      max(c.term) as term,
      max(c.scale_kind) as scale_kind,
      max(c.value) as value,
      sum(c.pupils) as pupils,
      min(c.file_id) as file_id,
      min(e.in_use) as in_use,
      max(e.largest_share) as largest_share
    from class_outcome as c
    join everywhere as e
      on e.term_no = c.term_no
      and e.subject = c.subject
      and e.scale = c.scale
      and e.assessment_kind = c.assessment_kind
      and e.year_group = c.year_group
    where c.value is not null
    group by
      c.school_id, c.term_no, c.subject, c.scale, c.assessment_kind, c.class_name,
      case when c.class_name is null then c.year_group end, c.outcome
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
  sum(pupils) as pupils,
  count(*) as outcomes,
  max(pupils) / sum(pupils) as modal_share,
  min(in_use) as in_use,
  max(largest_share) as largest_share,
  min(file_id) as file_id
from outcome_of_class
group by school_id, term_no, subject, scale, assessment_kind, class_name, whole_year_group
