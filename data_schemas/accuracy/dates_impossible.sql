-- one row is a pupil whose dates cannot all be right
-- code = "dates_impossible"
-- title = "Dates follow one another"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The {found}."
-- several = "{count} pupils have dates that cannot all be right."
-- fix = "Correct the date that is wrong and export again."
-- why = "Entry and leaving decide in which terms a pupil counts."
with
  dated as (
    select
      e.*,
      case
        when e.leaving_date < e.entry_date then 'leaving date is before the entry date'
        when e.entry_date < p.date_of_birth then 'entry date is before the date of birth'
      end as found
    from core.enrolment as e
    join core.pupil as p
      on p.pupil_id = e.pupil_id
    where e.entry_date is not null
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line,
  case when found like 'leaving%' then 'leaving_date' else 'entry_date' end as column_name,
  found
from dated
where found is not null
