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
select
  school_id,
  academic_year,
  term,
  cast(sum(case when is_seen then 0 else 1 end) as varchar) || ' of '
    || cast(count(*) as varchar) as detail
from expected_pupil
group by school_id, academic_year, term
having count(*) >= $pupils
  and sum(case when is_seen then 0 else 1 end) > $share * count(*)
