-- one row is a pupil and subject of whom teacher and test say opposite things by a wide margin
-- code = "teacher_and_test_differ"
-- title = "Teacher and test agree about a pupil"
-- severity = "note"
-- level = "pupil"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "The teacher judges the pupil to be {found}, and the test of the same term says the opposite by a wide margin."
-- several = "Of {count} pupils and subjects teacher and test of the same term say opposite things by a wide margin."
-- fix = "Look at both once more. Either may be right; if one is mistyped or another pupil's, correct it."
-- why = "Where the two are far apart, one of them is often a slip; and the child deserves a second look."
-- limits = { margin = 20.0 }
with
  line as (
    select number as score
    from reference.setting
    where name = 'expected_standard_score'
  )
select
  j.school_id,
  j.academic_year,
  j.term,
  j.subject,
  j.class_name,
  j.pupil_id,
  j.file_id,
  j.line,
  'outcome' as column_name,
  case when j.points_over >= 0 then 'at the expectation' else 'below the expectation' end as found
from judged_twice as j
cross join line
where (j.points_over >= 0 and j.score < line.score - $margin)
  or (j.points_over < 0 and j.score > line.score + $margin)
