-- one row is a paper sat in a term, subject and year group, with what the settings say of it
-- What is said of a named paper goes before what is said of any paper of the scale.
with
  sat as (
    select distinct scale, lower(assessment) as paper, subject, year_group, academic_year, term
    from outcome_sent
    where scale_kind <> 'ladder'
  ),
  weighed as (
    select *, row(assessment is not null, paper_no) as weight
    from reference.paper
  )
select
  q.scale,
  q.paper,
  q.subject,
  q.year_group,
  q.academic_year,
  q.term,
  bool_and(p.judged) as judged,
  arg_max(p.expected_score, p.weight) filter (where p.expected_score is not null)
    as expected_score,
  arg_max(p.paper_no, p.weight) filter (where p.expected_score is not null) as expected_paper_no,
  arg_max(p.higher_score, p.weight) filter (where p.higher_score is not null) as higher_score,
  arg_max(p.standard_error, p.weight) filter (where p.standard_error is not null)
    as standard_error,
  arg_max(p.reliability, p.weight) filter (where p.reliability is not null) as reliability,
  arg_max(p.paper_no, p.weight) filter (
    where coalesce(p.standard_error, p.reliability) is not null
  ) as error_paper_no
from sat as q
join weighed as p
  on p.scale = q.scale
  and coalesce(p.assessment, q.paper) = q.paper
  and coalesce(p.subject, q.subject) = q.subject
  and coalesce(p.year_group, q.year_group) = q.year_group
  and coalesce(p.academic_year, q.academic_year) = q.academic_year
  and coalesce(p.term, q.term) = q.term
group by q.scale, q.paper, q.subject, q.year_group, q.academic_year, q.term
