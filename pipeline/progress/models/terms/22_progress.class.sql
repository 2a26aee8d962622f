-- one row is a class of a school in a term, with pupils on roll; those of no class stand together
with classes as (
  select distinct school_id, term_no, year_group, class_name, team
  from core.enrolment
  where on_roll
    and term_no between getvariable('first_term_no') and getvariable('last_term_no')
)
select
  (select coalesce(max(class_no), 0) from progress.class) + row_number() over (
    order by term_no, school_id, year_group, class_name, team
  ) as class_no,
  *
from classes
