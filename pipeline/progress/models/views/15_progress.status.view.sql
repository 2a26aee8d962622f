-- one row is a pupil, term and subject that is due
-- What follows from a column of progress.decision is not kept beside it. Classes are grouped, though a
-- number is there once, so that DuckDB knows it is, and leaves the join out where nobody asks for them.
with classes as (
  select class_no, any_value(class_name) as class_name, any_value(team) as team
  from progress.class
  group by class_no
)
select
  d.*,
  t.academic_year,
  t.term,
  c.class_name,
  c.team,
  d.band = 'own_steps' as own_steps,
  d.slow_since_term_no is not null as slow,
  d.dropped_from_term_no is not null as dropped
from progress.decision as d
join reference.term as t
  on t.term_no = d.term_no
left join classes as c
  on c.class_no = d.class_no
