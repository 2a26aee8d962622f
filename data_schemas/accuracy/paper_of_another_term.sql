-- one row is a paper that was made for another term
-- code = "paper_of_another_term"
-- title = "A paper is sat in its term"
-- severity = "warning"
-- level = "file"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "By its name ({found}) the paper is for another term than the one that the rows give."
-- several = "{count} papers are, by their names, for other terms than the ones that their rows give."
-- fix = "Look whether last term's result set was exported, or the term is wrong. A paper sat late belongs to the term in which it was sat, with its date."
-- why = "Results under the wrong term upset the order in which progress is measured."
with
  named as (
    select
      school_id,
      academic_year,
      term,
      subject,
      assessment,
      min(file_id) as file_id,
      lower(assessment) as name
    from class_outcome
    where assessment <> ''
    group by school_id, academic_year, term, subject, assessment
  )
select
  school_id,
  academic_year,
  term,
  subject,
  file_id,
  'assessment' as column_name,
  assessment as found
from named
where (name like '%autumn%' or name like '%spring%' or name like '%summer%')
  and name not like '%' || term || '%'
