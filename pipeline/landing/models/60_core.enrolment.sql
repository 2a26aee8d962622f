-- one row is a pupil in a school in a term
-- A roll says who is enrolled; where there is none for the school and term, those in its lists of
-- pupils and its results. A year group that no file of the term gives is that of another term of the
-- academic year; where none gives it, nothing can be expected of the pupil, who is not enrolled.
with
  rolls as (
    select distinct school_id, term_no
    from told
    where standing = 3
  ),
  year_of_other_term as (
    select
      lacking.pupil_id,
      lacking.school_id,
      lacking.starting_year,
      arg_max(other.year_group, other.term_no) as year_group
    from (
      select distinct pupil_id, school_id, term_no // 3 as starting_year
      from known_in_term
      where year_group is null
    ) as lacking
    join known_in_term as other
      on other.pupil_id = lacking.pupil_id
      and other.school_id = lacking.school_id
      and other.term_no // 3 = lacking.starting_year
    where other.year_group is not null
    group by lacking.pupil_id, lacking.school_id, lacking.starting_year
  ),
  enrolled as (
    select
      k.pupil_id,
      k.school_id,
      k.term_no,
      coalesce(k.year_group, y.year_group) as year_group,
      k.class_name,
      k.entry_date,
      k.file_id,
      k.line,
      coalesce(k.enrol_status, 'C') not in ('S', 'G')
        and coalesce(k.leaving_date >= t.counts_on, true)
        and coalesce(k.entry_date <= t.ends_on, true) as may_count
    from known_in_term as k
    join reference.term as t
      on t.term_no = k.term_no
    left join rolls as r
      on r.school_id = k.school_id
      and r.term_no = k.term_no
    left join year_of_other_term as y
      on y.pupil_id = k.pupil_id
      and y.school_id = k.school_id
      and y.starting_year = k.term_no // 3
    where (k.from_roll or (r.school_id is null and k.enrols))
      and coalesce(k.year_group, y.year_group) is not null
  ),
  several_schools as (
    select pupil_id, term_no
    from enrolled
    group by pupil_id, term_no
    having min(school_id) < max(school_id)
  ),
  ranked as (
    select
      e.pupil_id,
      e.school_id,
      e.term_no,
      row_number() over (
        partition by e.pupil_id, e.term_no
        order by e.may_count desc, e.entry_date desc nulls last, e.file_id desc, e.line desc
      ) as place
    from enrolled as e
    join several_schools as s
      on s.pupil_id = e.pupil_id
      and s.term_no = e.term_no
  ),
  main_school as (
    select
      e.pupil_id,
      e.school_id,
      e.term_no,
      e.year_group,
      e.class_name,
      e.may_count and coalesce(r.place, 1) = 1 as on_roll
    from enrolled as e
    left join ranked as r
      on r.pupil_id = e.pupil_id
      and r.school_id = e.school_id
      and r.term_no = e.term_no
  ),
  one_form as (
    select school_id, term_no, max(classes) <= 1 as one_class_a_year
    from (
      select school_id, term_no, year_group, count(distinct class_name) as classes
      from main_school
      where on_roll
      group by school_id, term_no, year_group
    )
    group by school_id, term_no
  ),
  named_team as (
    select
      t.school_id,
      t.class_name,
      t.team,
      t.teacher,
      c.term_no,
      row_number() over (
        partition by t.school_id, lower(t.class_name), c.term_no
        order by t.from_date desc nulls last, t.team
      ) as place
    from reference.team as t
    join reference.term as c
      on coalesce(t.from_date, c.ends_on) <= c.ends_on
      and coalesce(t.to_date, c.ends_on) >= c.ends_on
  ),
  -- a pupil without a named class goes to the team that has most of the year group
  team_of_year as (
    select
      m.school_id,
      m.term_no,
      m.year_group,
      n.team,
      row_number() over (
        partition by m.school_id, m.term_no, m.year_group
        order by count(*) desc, n.team
      ) as place
    from main_school as m
    join named_team as n
      on n.school_id = m.school_id
      and lower(n.class_name) = lower(m.class_name)
      and n.term_no = m.term_no
      and n.place = 1
    group by m.school_id, m.term_no, m.year_group, n.team
  )
select
  f.* exclude (year_group, teacher, enrols),
  t.academic_year,
  t.term,
  m.year_group,
  coalesce(n.teacher, f.teacher) as teacher,
  m.on_roll,
  case
    when n.team is not null then n.team
    when y.team is not null then y.team
    when o.one_class_a_year then 'Whole school'
    when m.year_group in ('N1', 'N2', 'R', '1', '2') then 'Reception to Year 2'
    when m.year_group in ('3', '4') then 'Years 3 and 4'
    when m.year_group in ('5', '6') then 'Years 5 and 6'
    when m.year_group in ('7', '8', '9') then 'Years 7 to 9'
    else 'Years 10 to 14'
  end as team
from latest_fact as f
join main_school as m
  on m.pupil_id = f.pupil_id
  and m.school_id = f.school_id
  and m.term_no = f.term_no
join reference.term as t
  on t.term_no = f.term_no
left join named_team as n
  on n.school_id = m.school_id
  and lower(n.class_name) = lower(m.class_name)
  and n.term_no = m.term_no
  and n.place = 1
left join one_form as o
  on o.school_id = m.school_id
  and o.term_no = m.term_no
left join team_of_year as y
  on y.school_id = m.school_id
  and y.term_no = m.term_no
  and y.year_group = m.year_group
  and y.place = 1
