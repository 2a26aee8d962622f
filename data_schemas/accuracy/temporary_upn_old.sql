-- one row is a pupil on roll whose UPN is still the temporary one after several terms
-- code = "temporary_upn_old"
-- title = "A temporary UPN is soon replaced"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The UPN has been a temporary one for {detail} terms."
-- several = "{count} UPNs have been temporary ones for several terms."
-- fix = "Ask the school that the pupil came from, or the local authority, for the permanent UPN, and export the temporary one as former_upn."
-- why = "A temporary UPN is meant for weeks. The longer it stays, the more history hangs on a number that will change."
-- limits = { terms = 3 }
-- explains = ["temporary_upn"]
with
  temporary as (
    select
      e.*,
      count(*) over (partition by e.pupil_id, e.school_id order by e.term_no) as terms
    from landing.export_pupil as r
    join core.enrolment as e
      on e.file_id = r.file_id
      and e.line = r.line
      and e.item = r.item
    where r.upn_kind = 'temporary'
      and e.on_roll
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line,
  'upn' as column_name,
  cast(terms as varchar) as detail
from temporary
where terms >= $terms
