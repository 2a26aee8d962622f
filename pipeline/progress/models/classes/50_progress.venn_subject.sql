-- one row is a pupil, term and subject of the Venn diagram, with the status it uses
-- Who stands in a ring is said by `venn_basis`: at expectation, with enough progress, or both.
-- A subject that is not due, or not known for over half of a year group, uses the latest status of
-- the last two terms; where that too leaves over half unknown, the year group has no such ring.
with
  judged as not materialized (
    select
      t.*,
      case
        when basis.value <> 'attainment' and t.progress_status = 'too_little' then false
        when basis.value <> 'progress' and t.attainment_status = 'below' then false
        when (basis.value = 'progress' or t.attainment_status = 'at_expectation')
          and (basis.value = 'attainment' or t.progress_status = 'enough')
          then true
      end as on_track
    from progress.status as t
    cross join (
      select value from reference.setting where name = 'venn_basis'
    ) as basis
    join reference.subject as s
      on s.subject = t.subject
      and s.in_venn
    where t.term_no between getvariable('first_term_no') - 2 and getvariable('last_term_no')
  ),
  pupils as not materialized (
    select
      pupil_id, school_id, academic_year, term, term_no, year_group, class_name, team, subject,
      on_track
    from judged
    where term_no >= getvariable('first_term_no')
    union all
    select
      e.pupil_id, e.school_id, e.academic_year, e.term, e.term_no, e.year_group, e.class_name,
      e.team, s.subject, null as on_track
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
  ),
  year_groups as (
    select
      school_id, term_no, year_group, subject,
      count(*) as pupils,
      count(on_track) as known
    from pupils
    group by school_id, term_no, year_group, subject
  ),
  carried as (
    select
      p.pupil_id,
      p.school_id,
      p.term_no,
      p.year_group,
      p.subject,
      arg_max(k.on_track, k.term_no) as on_track,
      max(k.term_no) as from_term_no
    from pupils as p
    join year_groups as y
      on y.school_id = p.school_id
      and y.term_no = p.term_no
      and y.year_group = p.year_group
      and y.subject = p.subject
      and y.known * 2 < y.pupils
    join judged as k
      on k.pupil_id = p.pupil_id
      and k.subject = p.subject
      and k.term_no between p.term_no - 2 and p.term_no - 1
    where p.on_track is null
      and k.on_track is not null
    group by p.pupil_id, p.school_id, p.term_no, p.year_group, p.subject
  ),
  unknown_rings as (
    select y.school_id, y.term_no, y.year_group, y.subject
    from year_groups as y
    left join (
      select school_id, term_no, year_group, subject, count(*) as pupils
      from carried
      group by school_id, term_no, year_group, subject
    ) as c
      on c.school_id = y.school_id
      and c.term_no = y.term_no
      and c.year_group = y.year_group
      and c.subject = y.subject
    where (y.known + coalesce(c.pupils, 0)) * 2 < y.pupils
  )
select
  p.* exclude (on_track),
  coalesce(p.on_track, c.on_track) as on_track,
  case when p.on_track is not null then p.term_no else c.from_term_no end as from_term_no,
  u.school_id is null as ring
from pupils as p
left join carried as c
  on c.pupil_id = p.pupil_id
  and c.term_no = p.term_no
  and c.subject = p.subject
left join unknown_rings as u
  on u.school_id = p.school_id
  and u.term_no = p.term_no
  and u.year_group = p.year_group
  and u.subject = p.subject
