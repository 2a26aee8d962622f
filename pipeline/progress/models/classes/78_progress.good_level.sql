-- one row is a pupil of Reception in a summer in which the school sent early learning goals
-- A good level of development: at least expected in every goal that counts (those of the scale's file
-- for the academic year). One goal that is not reached settles it; else all have to be known.
with
  goal as (
    select g.scale, g.goal, t.term_no
    from reference.good_level as g
    join reference.term as t
      on t.academic_year >= coalesce(g.since, t.academic_year)
      and t.academic_year <= coalesce(g.until, t.academic_year)
      and t.term = 'summer'
  ),
  counted as (
    select scale, term_no, count(*) as goals
    from goal
    group by scale, term_no
  ),
  told as (
    select a.pupil_id, a.term_no, a.scale, a.at_expected
    from progress.attainment as a
    join goal as g
      on g.scale = a.scale
      and g.goal = a.subject
      and g.term_no = a.term_no
    where a.decides
      and a.seen
      and a.year_group = 'R'
      and a.term_no between getvariable('first_term_no') and getvariable('last_term_no')
  ),
  sent as (
    select distinct e.school_id, t.term_no, t.scale
    from told as t
    join core.enrolment as e
      on e.pupil_id = t.pupil_id
      and e.term_no = t.term_no
      and e.on_roll
  ),
  summed as (
    select
      e.pupil_id,
      e.school_id,
      e.academic_year,
      e.term,
      e.term_no,
      c.goals,
      count(t.at_expected) as goals_known,
      count(*) filter (where t.at_expected) as goals_reached
    from core.enrolment as e
    join sent as s
      on s.school_id = e.school_id
      and s.term_no = e.term_no
    join counted as c
      on c.scale = s.scale
      and c.term_no = s.term_no
    left join told as t
      on t.pupil_id = e.pupil_id
      and t.term_no = e.term_no
      and t.scale = s.scale
    where e.on_roll
      and e.year_group = 'R'
    group by
      e.pupil_id, e.school_id, e.academic_year, e.term, e.term_no, c.scale, c.goals
  )
select
  *,
  case
    when goals_reached = goals then true
    when goals_reached < goals_known then false
  end as good_level
from summed
