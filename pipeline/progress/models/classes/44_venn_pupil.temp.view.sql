-- one row is a pupil, term and subject of the Venn diagram, with what is known of it in its term
-- A subject that is not due has no status, so nothing is known of it.
select pupil_id, school_id, term_no, year_group, subject, on_track
from in_venn
where term_no >= getvariable('first_term_no')
union all
select e.pupil_id, e.school_id, e.term_no, e.year_group, s.subject, null as on_track
from core.enrolment as e
join (
  select distinct d.year_group, t.term, s.subject
  from reference.due as d
  cross join (select distinct term from reference.term) as t
  cross join reference.subject as s
  where s.in_venn
    and (d.year_group, t.term, s.subject) not in (
      select (year_group, term, subject) from reference.due
    )
) as s
  on s.year_group = e.year_group
  and s.term = e.term
where e.on_roll
  and e.term_no between getvariable('first_term_no') and getvariable('last_term_no')
