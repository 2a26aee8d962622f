-- one row is a school of the partnership, with what has come from it for the term.
with named as (
  select
    school_id,
    school_name,
    1 as source
  from core.school
  union all
  select
    school_id,
    school_name,
    2 as source
  from reference.school
),
schools as (
  select
    school_id,
    min_by(school_name, source) filter (where school_name is not null) as school_name
  from named
  group by school_id
),
pupils as (
  select
    school_id,
    count(*) as pupils
  from core.enrolment
  where term_no = $term_no
    and on_roll
  group by school_id
),
sources as (
  select
    school_id,
    file_id
  from core.enrolment
  where term_no = $term_no
  union
  select
    school_id,
    file_id
  from core.result
  where term_no = $term_no
  union
  select
    rejected.school_id,
    rejected.file_id
  from landing.rejected_row as rejected
  inner join reference.term as term
    on term.academic_year = rejected.academic_year
    and term.term = rejected.term
  where term.term_no = $term_no
    and rejected.school_id is not null
),
received as (
  select
    sources.school_id,
    count(*) as files,
    max(file.received_at) as received_at
  from sources
  inner join landing.export_file as file
    on file.file_id = sources.file_id
  where file.status = 'loaded'
  group by sources.school_id
)
select
  schools.school_id,
  coalesce(schools.school_name, 'School ' || schools.school_id) as school_name,
  coalesce(pupils.pupils, 0) as pupils,
  coalesce(received.files, 0) as files,
  received.received_at,
  gate.errors,
  gate.warnings,
  gate.passed
from schools
left join pupils
  on pupils.school_id = schools.school_id
left join received
  on received.school_id = schools.school_id
left join accuracy.gate as gate
  on gate.school_id = schools.school_id
  and gate.term_no = $term_no
order by
  school_name,
  schools.school_id
