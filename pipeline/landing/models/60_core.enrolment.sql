-- one row is a pupil in a school in a term
-- A roll says who is enrolled; where there is none for the school and term, those in its lists of
-- pupils and its results. What a roll says goes before what a list says, that before results, and
-- those before mere facts; the later file before the earlier; and a blank never replaces what is
-- known. A year group that no file of the term gives is that of another term of the academic year;
-- where none gives it, nothing can be expected of the pupil, who is not enrolled.
with
  rolls as (
    select distinct school_id, term_no
    from core.loaded_row
    where kind = 'roll'
  ),
  facts as (
    select
      r.*,
      cast(
        case r.kind when 'roll' then 3 when 'pupils' then 2 when 'results' then 1 when 'seen' then 1 else 0 end
        as bigint
      ) * 10000000000000000 + r.place as weight
    from core.identified_row as r
  ),
  latest as (
    select
      f.pupil_id,
      f.school_id,
      f.term_no,
      max(f.academic_year) as academic_year,
      max(f.term) as term,
      arg_max(f.admission_number, f.weight) filter (where f.admission_number is not null)
        as admission_number,
      arg_max(f.surname, f.weight) filter (where f.surname is not null) as surname,
      arg_max(f.forename, f.weight) filter (where f.forename is not null) as forename,
      arg_max(f.year_group, f.weight) filter (where f.year_group is not null) as year_group,
      arg_max(f.class_name, f.weight) filter (where f.class_name is not null) as class_name,
      arg_max(f.teacher, f.weight) filter (where f.teacher is not null) as teacher,
      arg_max(f.sex, f.weight) filter (where f.sex is not null) as sex,
      arg_max(f.pupil_premium, f.weight) filter (where f.pupil_premium is not null)
        as pupil_premium,
      arg_max(f.fsm6, f.weight) filter (where f.fsm6 is not null) as fsm6,
      arg_max(f.sen, f.weight) filter (where f.sen is not null) as sen,
      arg_max(f.sen_need, f.weight) filter (where f.sen_need is not null) as sen_need,
      arg_max(f.eal, f.weight) filter (where f.eal is not null) as eal,
      arg_max(f.english_proficiency, f.weight) filter (where f.english_proficiency is not null)
        as english_proficiency,
      arg_max(f.looked_after, f.weight) filter (where f.looked_after is not null) as looked_after,
      arg_max(f.ethnicity, f.weight) filter (where f.ethnicity is not null) as ethnicity,
      arg_max(f.entry_date, f.weight) filter (where f.entry_date is not null) as entry_date,
      arg_max(f.leaving_date, f.weight) filter (where f.leaving_date is not null) as leaving_date,
      arg_max(f.enrol_status, f.weight) filter (where f.enrol_status is not null) as enrol_status,
      arg_max(f.attendance_percent, f.weight) filter (where f.attendance_percent is not null)
        as attendance_percent,
      arg_max(f.expectation, f.weight) filter (where f.expectation is not null) as expectation,
      bool_or(f.kind = 'roll') as from_roll,
      bool_or(f.kind <> 'facts') as enrols,
      arg_max(f.file_id, f.weight) as file_id,
      arg_max(f.line, f.weight) as line,
      arg_max(f.item, row(f.weight, -f.item)) as item
    from facts as f
    group by f.pupil_id, f.school_id, f.term_no
  ),
  year_of_other_term as (
    select
      lacking.pupil_id,
      lacking.school_id,
      lacking.academic_year,
      arg_max(other.year_group, other.term_no) as year_group
    from (
      select distinct pupil_id, school_id, academic_year
      from latest
      where year_group is null
    ) as lacking
    join latest as other
      on other.pupil_id = lacking.pupil_id
      and other.school_id = lacking.school_id
      and other.academic_year = lacking.academic_year
    where other.year_group is not null
    group by lacking.pupil_id, lacking.school_id, lacking.academic_year
  ),
  enrolled as (
    select
      l.* exclude (year_group, enrols),
      coalesce(l.year_group, y.year_group) as year_group
    from latest as l
    left join rolls as r
      on r.school_id = l.school_id
      and r.term_no = l.term_no
    left join year_of_other_term as y
      on y.pupil_id = l.pupil_id
      and y.school_id = l.school_id
      and y.academic_year = l.academic_year
    where (l.from_roll or (r.school_id is null and l.enrols))
      and coalesce(l.year_group, y.year_group) is not null
  ),
  counted as (
    select
      e.*,
      t.ends_on,
      coalesce(e.enrol_status, 'C') not in ('S', 'G')
        and coalesce(e.leaving_date >= t.counts_on, true)
        and coalesce(e.entry_date <= t.ends_on, true) as may_count
    from enrolled as e
    join reference.term as t
      on t.term_no = e.term_no
  ),
  main_school as (
    select
      c.*,
      c.may_count
        and row_number() over (
          partition by c.pupil_id, c.term_no
          order by c.may_count desc, c.entry_date desc nulls last, c.file_id desc, c.line desc
        ) = 1 as on_roll
    from counted as c
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
  with_named_team as (
    select
      m.* exclude (teacher, ends_on, may_count),
      coalesce(n.teacher, m.teacher) as teacher,
      n.team as named_team
    from main_school as m
    left join named_team as n
      on n.school_id = m.school_id
      and lower(n.class_name) = lower(m.class_name)
      and n.term_no = m.term_no
      and n.place = 1
  ),
  -- a pupil without a named class goes to the team that has most of the year group
  team_of_year as (
    select
      school_id,
      term_no,
      year_group,
      named_team,
      row_number() over (
        partition by school_id, term_no, year_group
        order by count(*) desc, named_team
      ) as place
    from with_named_team
    where named_team is not null
    group by school_id, term_no, year_group, named_team
  )
select
  w.* exclude (named_team),
  case
    when w.named_team is not null then w.named_team
    when y.named_team is not null then y.named_team
    when o.one_class_a_year then 'Whole school'
    when w.year_group in ('N1', 'N2', 'R', '1', '2') then 'Reception to Year 2'
    when w.year_group in ('3', '4') then 'Years 3 and 4'
    when w.year_group in ('5', '6') then 'Years 5 and 6'
    when w.year_group in ('7', '8', '9') then 'Years 7 to 9'
    else 'Years 10 to 14'
  end as team
from with_named_team as w
left join one_form as o
  on o.school_id = w.school_id
  and o.term_no = w.term_no
left join team_of_year as y
  on y.school_id = w.school_id
  and y.term_no = w.term_no
  and y.year_group = w.year_group
  and y.place = 1
