-- one row is a pupil, school and term with another date of birth than in most terms
-- code = "date_of_birth_changed"
-- title = "The date of birth of a pupil stays the same"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The date of birth is not the one that most of the files give for this pupil."
-- several = "{count} pupils have another date of birth than most of the files give for them."
-- fix = "Check the date of birth against the birth certificate and correct it, or find out whether the UPN is that of another pupil."
-- why = "A changed date of birth is a slip, or two children under one number."
with
  differing as (
    select pupil_id
    from current_row
    group by pupil_id
    having min(date_of_birth) <> max(date_of_birth)
  ),
  told as (
    select
      r.pupil_id,
      r.school_id,
      r.academic_year,
      r.term,
      r.term_no,
      r.class_name,
      r.kind,
      r.file_id,
      r.line,
      r.date_of_birth as told
    from current_row as r
    join differing as d
      on d.pupil_id = r.pupil_id
    where r.date_of_birth is not null
  ),
  terms_told as (
    select
      t.pupil_id,
      t.told,
      count(distinct t.term_no) as terms,
      min(t.term_no) as first_term_no,
      min(t.file_id) as first_file_id
    from told as t
    group by t.pupil_id, t.told
  ),
  ranked as (
    select
      *,
      row_number() over (
        partition by pupil_id
        order by terms desc, first_term_no, first_file_id, told
      ) as place
    from terms_told
  ),
  odd as (
    select
      t.*,
      row_number() over (
        partition by t.pupil_id, t.school_id, t.term_no
        order by case when t.kind = 'roll' then 0 else 1 end, t.file_id, t.line
      ) as odd_place
    from told as t
    join ranked as r
      on r.pupil_id = t.pupil_id
      and r.told = t.told
    where r.place > 1
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line,
  'date_of_birth' as column_name
from odd
where odd_place = 1
