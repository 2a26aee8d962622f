-- one row is a pupil, school and term of whom no file of the academic year gives a year group
-- code = "year_group_unknown"
-- title = "The year group of each pupil is known"
-- severity = "error"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "No file of this academic year gives the pupil's year group, so the pupil counts nowhere in this term."
-- several = "No file of this academic year gives the year group of {count} pupils, so they count nowhere in this term."
-- fix = "Export a roll with year groups for the term."
-- why = "What is expected of a pupil depends on the year group; a file without year groups only adds to others."
with
  rolls as (
    select distinct school_id, term_no
    from core.loaded_pupil
    where kind = 'roll'
  ),
  yearless as (
    select
      r.*,
      row_number() over (
        partition by r.pupil_id, r.school_id, r.term_no
        order by case when r.kind = 'roll' then 0 else 1 end, r.file_id, r.line
      ) as first_told
    from core.identified_pupil as r
    left join rolls as o
      on o.school_id = r.school_id
      and o.term_no = r.term_no
    where r.year_group is null
      and r.kind <> 'facts'
      and (r.kind = 'roll' or o.school_id is null)
  )
select
  y.school_id,
  y.academic_year,
  y.term,
  y.class_name,
  y.pupil_id,
  y.file_id,
  y.line,
  'year_group' as column_name
from yearless as y
left join core.enrolment as e
  on e.pupil_id = y.pupil_id
  and e.school_id = y.school_id
  and e.term_no = y.term_no
where y.first_told = 1
  and e.pupil_id is null
