-- one row is a pupil on roll last term of whose school this term has been received, and if seen in it
with
  received as (
    select distinct school_id, academic_year, term, term_no
    from core.enrolment
  ),
  expected as (
    select
      t.school_id,
      t.academic_year,
      t.term,
      t.term_no,
      b.pupil_id,
      b.class_name,
      b.year_group,
      b.admission_number
    from core.enrolment as b
    join received as t
      on t.school_id = b.school_id
      and t.term_no = b.term_no + 1
      and t.academic_year = b.academic_year
    where b.on_roll
      and b.leaving_date is null
  ),
  seen as (
    select e.pupil_id, e.term_no
    from core.enrolment as e
    where e.term_no in (select term_no from expected)
    union
    select r.pupil_id, r.term_no
    from core.result as r
    where r.term_no in (select term_no from expected)
  )
select
  e.*,
  s.pupil_id is not null as is_seen
from expected as e
left join seen as s
  on s.pupil_id = e.pupil_id
  and s.term_no = e.term_no
