-- one row is a school whose roll lacks many of the pupils of the term before
-- code = "roll_incomplete"
-- title = "A roll has nearly all pupils of the term before"
-- severity = "warning"
-- level = "school"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "Many pupils of the term before are missing from this term's files, without a leaving date ({detail}): was only a part of the roll exported?"
-- several = "{count} schools lack many of the pupils of the term before, without leaving dates."
-- fix = "Export the whole roll, with leavers and their leaving dates."
-- why = "When many are missing at once, the export is incomplete more often than they have left."
-- least = { pupils = 15 }
-- limits = { share = 0.2 }
-- explains = ["missed_out"]
with
  received as (
    select distinct school_id, academic_year, term, term_no
    from core.enrolment
  ),
  seen as (
    select distinct pupil_id, term_no
    from core.enrolment
    union
    select distinct pupil_id, term_no
    from core.result
  )
select
  t.school_id,
  t.academic_year,
  t.term,
  cast(count(*) - count(s.pupil_id) as varchar) || ' of ' || cast(count(*) as varchar) as detail
from core.enrolment as b
join received as t
  on t.school_id = b.school_id
  and t.term_no = b.term_no + 1
  and t.academic_year = b.academic_year
left join seen as s
  on s.pupil_id = b.pupil_id
  and s.term_no = t.term_no
where b.on_roll
  and b.leaving_date is null
group by t.school_id, t.academic_year, t.term
having count(*) >= $pupils
  and count(*) - count(s.pupil_id) > $share * count(*)
