-- one row is a pupil, school and term whose former UPN is that of another child
-- code = "former_upn_of_another"
-- title = "A former UPN is the pupil's own"
-- severity = "error"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The former UPN is that of another pupil, so the two were not joined."
-- several = "{count} former UPNs are those of other pupils, so the pupils were not joined."
-- fix = "Take the UPN out of the column former_upn; a UPN that was given to the wrong pupil never belongs there."
-- why = "A former UPN joins two histories; a wrong one would join two children."
with
  claims as (
    select
      r.*,
      row_number() over (
        partition by r.pupil_id, r.school_id, r.term_no, r.former_upn
        order by case when r.kind = 'roll' then 0 else 1 end, r.file_id, r.line
      ) as first_told
    from core.identified_pupil as r
    where r.former_upn is not null
      and r.former_upn <> r.matched_upn
      and r.matched_upn <> ''
  ),
  held as (
    select distinct upn, pupil_id
    from core.pupil_key
    where upn <> ''
  )
select
  c.school_id,
  c.academic_year,
  c.term,
  c.class_name,
  c.pupil_id,
  c.file_id,
  c.line,
  'former_upn' as column_name
from claims as c
join held as h
  on h.upn = c.former_upn
where c.first_told = 1
  and h.pupil_id <> c.pupil_id
