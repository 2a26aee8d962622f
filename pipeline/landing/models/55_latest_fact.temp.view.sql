-- one row is a pupil in a school and term with the latest that is said of the pupil there
-- What a roll says goes before what a list says, that before results, and those before mere facts;
-- the later file before the earlier; and a blank never replaces what is known. Most pupils are told
-- of in one way in a term, so there is nothing to choose.
with
  facts as (
    select
      t.pupil_id,
      r.*,
      cast(t.standing as bigint) * 10000000000000000 + (t.last_item + 9999) // 10000 as weight
    from told_pupil as t
    join told_in_term as o
      on o.pupil_id = t.pupil_id
      and o.school_id = t.school_id
      and o.term_no = t.term_no
    join landing.export_pupil as r
      on r.file_id = (t.last_item + 9999) // 10000 // 100000000
      and r.line = (t.last_item + 9999) // 10000 % 100000000
      and r.item = (t.last_item + 9999) // 10000 * 10000 - t.last_item
    where o.times > 1
  )
select
  o.pupil_id,
  o.school_id,
  o.term_no,
  r.admission_number,
  r.surname,
  r.forename,
  r.year_group,
  r.class_name,
  r.teacher,
  r.sex,
  r.pupil_premium,
  r.fsm6,
  r.sen,
  r.sen_need,
  r.eal,
  r.english_proficiency,
  r.looked_after,
  r.ethnicity,
  r.entry_date,
  r.leaving_date,
  r.enrol_status,
  r.attendance_percent,
  r.expectation,
  r.kind = 'roll' as from_roll,
  r.kind <> 'facts' as enrols,
  r.file_id,
  r.line,
  r.item
from told_in_term as o
join landing.export_pupil as r
  on r.file_id = (o.last_item + 9999) // 10000 // 100000000
  and r.line = (o.last_item + 9999) // 10000 % 100000000
  and r.item = (o.last_item + 9999) // 10000 * 10000 - o.last_item
where o.times = 1
union all
select
  f.pupil_id,
  f.school_id,
  f.term_no,
  arg_max(f.admission_number, f.weight) filter (where f.admission_number is not null),
  arg_max(f.surname, f.weight) filter (where f.surname is not null),
  arg_max(f.forename, f.weight) filter (where f.forename is not null),
  arg_max(f.year_group, f.weight) filter (where f.year_group is not null),
  arg_max(f.class_name, f.weight) filter (where f.class_name is not null),
  arg_max(f.teacher, f.weight) filter (where f.teacher is not null),
  arg_max(f.sex, f.weight) filter (where f.sex is not null),
  arg_max(f.pupil_premium, f.weight) filter (where f.pupil_premium is not null),
  arg_max(f.fsm6, f.weight) filter (where f.fsm6 is not null),
  arg_max(f.sen, f.weight) filter (where f.sen is not null),
  arg_max(f.sen_need, f.weight) filter (where f.sen_need is not null),
  arg_max(f.eal, f.weight) filter (where f.eal is not null),
  arg_max(f.english_proficiency, f.weight) filter (where f.english_proficiency is not null),
  arg_max(f.looked_after, f.weight) filter (where f.looked_after is not null),
  arg_max(f.ethnicity, f.weight) filter (where f.ethnicity is not null),
  arg_max(f.entry_date, f.weight) filter (where f.entry_date is not null),
  arg_max(f.leaving_date, f.weight) filter (where f.leaving_date is not null),
  arg_max(f.enrol_status, f.weight) filter (where f.enrol_status is not null),
  arg_max(f.attendance_percent, f.weight) filter (where f.attendance_percent is not null),
  arg_max(f.expectation, f.weight) filter (where f.expectation is not null),
  bool_or(f.kind = 'roll'),
  bool_or(f.kind <> 'facts'),
  arg_max(f.file_id, f.weight),
  arg_max(f.line, f.weight),
  arg_max(f.item, f.weight)
from facts as f
group by f.pupil_id, f.school_id, f.term_no
