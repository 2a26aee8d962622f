-- one row is a file with mostly another school's pupils, or the school whose pupils they are
-- code = "another_schools_pupils"
-- title = "A file holds the pupils of its own school"
-- severity = "error"
-- level = "file"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "{found} ({detail})."
-- several = "{count} files hold mostly the pupils of another school."
-- fix = "Compare the school number in the file with the pupils in it. Withdraw the file if it was sent for the wrong school, correct the number and send it again."
-- why = "Pupils under the wrong school count twice or nowhere, and are seen by people who may not see them."
-- least = { pupils = 10 }
-- limits = { share = 0.5 }
-- explains = ["two_schools"]
with
  moving as (
    select pupil_id
    from core.enrolment
    group by pupil_id
    having min(school_id) < max(school_id)
  ),
  first_there as (
    select
      e.pupil_id,
      e.school_id,
      e.academic_year,
      min(e.term_no) as term_no,
      arg_min(e.file_id, e.term_no) as file_id
    from moving as m
    join core.enrolment as e
      on e.pupil_id = m.pupil_id
    where coalesce(e.enrol_status, 'C') not in ('S', 'G')
      and e.leaving_date is null
    group by e.pupil_id, e.school_id, e.academic_year
  ),
  -- the school that had the pupil first has the pupil
  elsewhere as (
    select
      e.pupil_id,
      e.school_id,
      e.academic_year,
      e.term,
      e.term_no,
      e.file_id,
      o.school_id as other_school_id
    from first_there as f
    join first_there as o
      on o.pupil_id = f.pupil_id
      and o.academic_year = f.academic_year
      and o.school_id <> f.school_id
    join core.enrolment as e
      on e.pupil_id = f.pupil_id
      and e.school_id = f.school_id
      and e.academic_year = f.academic_year
    where o.term_no < f.term_no
      or (o.term_no = f.term_no and o.file_id < f.file_id)
  ),
  shared as (
    select
      school_id,
      academic_year,
      term,
      term_no,
      file_id,
      other_school_id,
      count(distinct pupil_id) as pupils
    from elsewhere
    group by school_id, academic_year, term, term_no, file_id, other_school_id
  ),
  sent as (
    select e.school_id, e.term_no, e.file_id, count(*) as pupils
    from core.enrolment as e
    join (select distinct school_id, term_no, file_id from shared) as s
      on s.school_id = e.school_id
      and s.term_no = e.term_no
      and s.file_id = e.file_id
    group by e.school_id, e.term_no, e.file_id
  ),
  mostly as (
    select
      s.*,
      cast(s.pupils as varchar) || ' of ' || cast(t.pupils as varchar) || ' pupils' as detail
    from shared as s
    join sent as t
      on t.school_id = s.school_id
      and t.term_no = s.term_no
      and t.file_id = s.file_id
    where t.pupils >= $pupils
      and s.pupils > $share * t.pupils
  )
select
  school_id,
  academic_year,
  term,
  file_id,
  'The file holds mostly pupils whom another school has in this academic year, with no leaving date'
    as found,
  detail
from mostly
union all
select
  other_school_id,
  academic_year,
  term,
  null,
  'Another school has sent a file that holds mostly pupils of this one',
  detail
from mostly
