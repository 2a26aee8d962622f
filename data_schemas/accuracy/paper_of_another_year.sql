-- one row is a pupil and a paper that was made for another year group
-- code = "paper_of_another_year"
-- title = "A pupil sits the paper of the year group"
-- severity = "warning"
-- level = "pupil"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "By its name ({found}) the paper is for another year group, and nothing says that this was meant."
-- several = "{count} papers are, by their names, for other year groups, and nothing says that this was meant."
-- fix = "Correct the name of the paper or the year group. If the pupil was given it on purpose, enter own in the column expectation."
-- why = "A score on an easier paper looks like a good score."
with
  named as (
    select
      assessment,
      regexp_extract(
        ' ' || lower(assessment) || ' ', '[^a-z](year|yr|y) ?([0-9]{1,2})[^0-9]', 2
      ) as of_year
    from (select distinct assessment from class_outcome)
  ),
  of_another_year as (
    select distinct c.school_id, c.term_no, c.assessment, c.year_group
    from class_outcome as c
    join named as n
      on n.assessment = c.assessment
    where n.of_year <> ''
      and n.of_year <> c.year_group
  )
select
  r.school_id,
  r.academic_year,
  r.term,
  r.subject,
  e.class_name,
  r.pupil_id,
  r.file_id,
  min(r.line) as line,
  'assessment' as column_name,
  r.assessment as found
from of_another_year as o
join core.result as r
  on r.school_id = o.school_id
  and r.term_no = o.term_no
  and r.assessment = o.assessment
join core.enrolment as e
  on e.pupil_id = r.pupil_id
  and e.school_id = r.school_id
  and e.term_no = r.term_no
  and e.year_group = o.year_group
where r.outcome is not null
  and coalesce(e.expectation, '') <> 'own'
group by
  r.school_id, r.academic_year, r.term, r.subject, e.class_name, r.pupil_id, r.file_id, r.assessment
