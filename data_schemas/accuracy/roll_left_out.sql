-- one row is a pupil on an earlier roll of a term who is not on the roll that corrects it
-- code = "roll_left_out"
-- title = "A corrected roll has every pupil of the earlier one"
-- severity = "warning"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The pupil is on an earlier roll of this term and not on the later one that corrects it; the pupil still counts."
-- several = "{count} pupils are on an earlier roll of this term and not on the later one that corrects it; they still count."
-- fix = "If the pupil has left, enter the leaving date and export the roll with leavers; if the earlier roll was wrong, withdraw it; else export again with the pupil."
-- why = "Nobody is taken off the roll without a word, and nobody is kept on it unnoticed. A roll corrects an earlier one of the same school and term where the two share at least half of the pupils of the smaller; rolls of other classes do not."
with
  several_rolls as (
    select school_id, term_no
    from core.enrolment
    where from_roll
    group by school_id, term_no
    having min(file_id) <> max(file_id)
  ),
  listed as (
    select distinct r.school_id, r.term_no, r.pupil_id, r.file_id
    from core.identified_pupil as r
    join several_rolls as s
      on s.school_id = r.school_id
      and s.term_no = r.term_no
    where r.kind = 'roll'
  ),
  sizes as (
    select school_id, term_no, file_id, count(*) as pupils
    from listed
    group by school_id, term_no, file_id
  ),
  corrected as (
    select a.school_id, a.term_no, a.file_id, b.file_id as by_file_id
    from listed as a
    join listed as b
      on b.school_id = a.school_id
      and b.term_no = a.term_no
      and b.pupil_id = a.pupil_id
      and b.file_id > a.file_id
    join sizes as of_a
      on of_a.school_id = a.school_id
      and of_a.term_no = a.term_no
      and of_a.file_id = a.file_id
    join sizes as of_b
      on of_b.school_id = b.school_id
      and of_b.term_no = b.term_no
      and of_b.file_id = b.file_id
    group by a.school_id, a.term_no, a.file_id, b.file_id
    having 2 * count(*) >= least(min(of_a.pupils), min(of_b.pupils))
  )
select
  e.school_id,
  e.academic_year,
  e.term,
  e.class_name,
  e.pupil_id,
  e.file_id,
  e.line
from core.enrolment as e
join (select distinct school_id, term_no, file_id from corrected) as c
  on c.school_id = e.school_id
  and c.term_no = e.term_no
  and c.file_id = e.file_id
where e.from_roll
  and e.leaving_date is null
