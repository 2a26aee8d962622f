-- one row is a school whose roll has grown by many within an academic year
-- code = "roll_grown"
-- title = "A roll does not grow by many within the year"
-- severity = "note"
-- level = "school"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "Many pupils on roll were not there the term before ({detail})."
-- several = "{count} schools have many pupils on roll who were not there the term before."
-- fix = "Nothing, if they have joined; else look whether the export holds other classes, leavers, or another school's pupils."
-- why = "Joiners come a few at a time; many at once are more often a wrong export."
-- least = { pupils = 15 }
-- limits = { share = 0.2 }
with
  before as (
    select distinct school_id, term_no
    from core.enrolment
  )
select
  e.school_id,
  e.academic_year,
  e.term,
  cast(count(*) - count(c.pupil_id) as varchar) || ' of ' || cast(count(*) as varchar) as detail
from core.enrolment as e
join before as b
  on b.school_id = e.school_id
  and b.term_no = e.term_no - 1
left join carried_pupil as c
  on c.pupil_id = e.pupil_id
  and c.school_id = e.school_id
  and c.term_no = e.term_no
  and c.term_no_before = e.term_no - 1
where e.on_roll
  and e.term <> 'autumn'
group by e.school_id, e.academic_year, e.term
having count(*) >= $pupils
  and count(*) - count(c.pupil_id) > $share * count(*)
