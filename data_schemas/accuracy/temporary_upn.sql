-- one row is a pupil on roll with a temporary UPN
-- code = "temporary_upn"
-- title = "UPNs are permanent"
-- severity = "note"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The UPN is a temporary one."
-- several = "{count} UPNs are temporary ones."
-- fix = "Replace it by the permanent UPN as soon as that is known, and export the temporary one as former_upn."
-- why = "A temporary UPN is lost when the pupil moves, and the history with it."
select
  e.school_id,
  e.academic_year,
  e.term,
  e.class_name,
  e.pupil_id,
  e.file_id,
  e.line,
  'upn' as column_name
from core.enrolment as e
join landing.export_pupil as r
  on r.file_id = e.file_id
  and r.line = e.line
  and r.item = e.item
where e.on_roll
  and r.upn_kind = 'temporary'
