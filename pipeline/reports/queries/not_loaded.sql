-- one row is how many rows of the school's roll could not be loaded, of pupils not on it otherwise.
-- A file that a later one replaced as a whole no longer counts.
with
  enrolled as (
    select
      pupil_id,
      admission_number
    from core.enrolment
    where school_id = $school_id
      and term_no = $term_no
  ),
  upns as (
    select pupil_key.upn
    from core.pupil_key as pupil_key
    inner join enrolled
      on enrolled.pupil_id = pupil_key.pupil_id
    where pupil_key.upn <> ''
  )
select count(*) as rows
from landing.rejected_row as rejected
inner join landing.export_file as file
  on file.file_id = rejected.file_id
inner join reference.term as term
  on term.academic_year = rejected.academic_year
  and term.term = rejected.term
where rejected.school_id = $school_id
  and term.term_no = $term_no
  and (file.layout like 'standard-roll%' or file.layout like 'pupil-list%')
  and file.status = 'loaded'
  and (
    file.rows_loaded = 0
    or exists (
      select 1
      from core.enrolment as standing
      where standing.file_id = file.file_id
    )
  )
  and not exists (
    select 1
    from enrolled
    where enrolled.admission_number = rejected.admission_number
  )
  and not exists (
    select 1
    from upns
    where upns.upn = rejected.upn
  )
