-- one row is a class in which two subjects seem to have changed places
-- code = "subjects_swapped"
-- title = "Subjects do not change places"
-- severity = "note"
-- level = "class"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- audience = "head and data lead"
-- counts = "result"
-- message = "Could {found} have changed places? Pupils who were better in the one than in the other are now the other way round."
-- several = "In {count} classes two subjects could have changed places."
-- fix = "Compare a few results with the papers or the markbook. Columns change places when a marksheet is sorted or pasted."
-- why = "Two columns that have changed places give each child the other subject's result. It shows in the differences between the two subjects, which children mostly keep: here they are turned round, more than chance turns them."
-- least = { pupils = 15, outcomes = 10 }
-- limits = { chance = 0.001 }
with
  paired as (
    select
      a.school_id,
      a.academic_year,
      a.term,
      a.term_no,
      a.scale,
      a.assessment_kind,
      a.class_name,
      case when a.class_name is null then a.year_group end as whole_year_group,
      a.subject as subject_a,
      b.subject as subject_b,
      a.file_id,
      a.value as value_a,
      b.value as value_b,
      a.z - b.z as difference,
      a.z_before - b.z_before as difference_before
    from carried_result as a
    join carried_result as b
      on b.pupil_id = a.pupil_id
      and b.school_id = a.school_id
      and b.term_no = a.term_no
      and b.scale = a.scale
      and b.assessment_kind = a.assessment_kind
      and b.term_no_before = a.term_no_before
    where a.subject < b.subject
  ),
  by_class as (
    select
      school_id,
      academic_year,
      term,
      class_name,
      whole_year_group,
      subject_a,
      subject_b,
      min(file_id) as file_id,
      count(*) as pupils,
      count(distinct value_a) as outcomes_a,
      count(distinct value_b) as outcomes_b,
      corr(difference, difference_before) as correlation
    from paired
    where difference is not null
      and difference_before is not null
    group by
      school_id, academic_year, term, class_name, whole_year_group, subject_a, subject_b, scale,
      assessment_kind
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  file_id,
  'subject' as column_name,
  subject_a || ' and ' || subject_b || coalesce(' in Year ' || whole_year_group, '') as found
from by_class
where pupils >= $pupils
  and outcomes_a >= $outcomes
  and outcomes_b >= $outcomes
  and correlation > -1
  and normal_cdf(0.5 * ln((1 + correlation) / (1 - correlation)) * sqrt(pupils - 3)) < $chance
