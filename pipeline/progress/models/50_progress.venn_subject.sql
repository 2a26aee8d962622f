-- one row is a pupil, term and subject of the Venn diagram, with the status it uses
-- Who stands in a ring is said by `venn_basis`: at expectation, with enough progress, or both.
-- A subject that is not due, or not known for over half of a year group, uses the latest status of
-- the last two terms; where that too leaves over half unknown, the year group has no such ring.
with
  pupils as (
    select
      e.pupil_id, e.school_id, e.academic_year, e.term, e.term_no, e.year_group, e.class_name,
      e.team, s.subject
    from core.enrolment as e
    cross join reference.subject as s
    where e.on_roll
      and s.in_venn
      and exists (
        select 1
        from reference.due as d
        where d.year_group = e.year_group
      )
  ),
  known as (
    select pupil_id, term_no, subject, on_track
    from (
      select
        t.pupil_id,
        t.term_no,
        t.subject,
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
    )
    where on_track is not null
  ),
  now as (
    select
      p.*,
      k.on_track,
      count(k.on_track) over (
        partition by p.school_id, p.term_no, p.year_group, p.subject
      ) * 2 < count(*) over (
        partition by p.school_id, p.term_no, p.year_group, p.subject
      ) as mostly_unknown
    from pupils as p
    left join known as k
      on k.pupil_id = p.pupil_id
      and k.term_no = p.term_no
      and k.subject = p.subject
  ),
  carried as (
    select
      n.pupil_id,
      n.term_no,
      n.subject,
      k.on_track,
      k.term_no as from_term_no,
      row_number() over (
        partition by n.pupil_id, n.term_no, n.subject
        order by k.term_no desc
      ) as place
    from now as n
    join known as k
      on k.pupil_id = n.pupil_id
      and k.subject = n.subject
      and k.term_no between n.term_no - 2 and n.term_no - 1
    where n.mostly_unknown
      and n.on_track is null
  ),
  used as (
    select
      n.* exclude (on_track, mostly_unknown),
      coalesce(n.on_track, c.on_track) as on_track,
      case when n.on_track is not null then n.term_no else c.from_term_no end as from_term_no
    from now as n
    left join carried as c
      on c.pupil_id = n.pupil_id
      and c.term_no = n.term_no
      and c.subject = n.subject
      and c.place = 1
  )
select
  *,
  count(on_track) over (partition by school_id, term_no, year_group, subject) * 2
    >= count(*) over (partition by school_id, term_no, year_group, subject) as ring
from used
