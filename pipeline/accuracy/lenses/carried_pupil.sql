-- one row is a pupil in a school and term, beside what the school's latest earlier term said
with
  seen_again as (
    select pupil_id, school_id
    from core.enrolment
    group by pupil_id, school_id
    having min(term_no) < max(term_no)
  ),
  beside as (
    select
      e.*,
      lag(e.term_no) over earlier as term_no_before,
      lag(e.surname) over earlier as surname_before,
      lag(e.forename) over earlier as forename_before,
      lag(e.sex) over earlier as sex_before,
      lag(e.class_name) over earlier as class_name_before,
      lag(e.year_group) over earlier as year_group_before,
      lag(e.pupil_premium) over earlier as pupil_premium_before,
      lag(e.fsm6) over earlier as fsm6_before,
      lag(e.sen) over earlier as sen_before,
      lag(e.eal) over earlier as eal_before
    from core.enrolment as e
    join seen_again as s
      on s.pupil_id = e.pupil_id
      and s.school_id = e.school_id
    window earlier as (partition by e.pupil_id, e.school_id order by e.term_no)
  )
select *
from beside
where term_no_before >= term_no - 3
