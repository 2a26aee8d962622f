-- one row is a status that is compared with one by another measure, with the pupil's places in both
-- Where scale or kind has changed (or, of raw marks, the paper), points of then and now are not one
-- measure and are never converted. What can be said is where the pupil stood among the same pupils,
-- then and now: those of the school, year group and subject who have both results, at least
-- bridge_minimum_pupils of them. Place 1 is the highest; `level` counts the pupils who share a place.
-- A percentile is that of the middle of the shared place. Nothing is flagged or counted by it.
with
  told as not materialized (
    select
      a.pupil_id,
      a.term_no,
      a.subject,
      a.scale,
      a.assessment_kind,
      case when k.kind = 'cohort' then lower(a.assessment) else '' end as paper,
      case when o.too_low_for_points then cast('-infinity' as double) else a.points end as standing
    from progress.attainment as a
    join reference.scale as k
      on k.scale = a.scale
    left join reference.outcome as o
      on o.scale = a.scale
      and o.text = upper(replace(a.outcome, ' ', ''))
    where a.decides
      and a.seen
      and a.attainment_status in ('below', 'at_expectation')
      and a.term_no between getvariable('first_term_no') - 3 and getvariable('last_term_no')
  ),
  changed as (
    select
      s.pupil_id,
      s.school_id,
      s.term_no,
      s.year_group,
      s.subject,
      s.earlier_term_no,
      past.scale as from_scale,
      past.assessment_kind as from_assessment_kind,
      past.paper as from_paper,
      past.standing as standing_then,
      now.scale,
      now.assessment_kind,
      now.paper,
      now.standing as standing_now
    from status_now as s
    join reference.scale as k
      on k.scale = s.scale
    join progress.decision as before
      on before.pupil_id = s.pupil_id
      and before.subject = s.subject
      and before.term_no = s.earlier_term_no
      and before.school_id = s.school_id
    join told as now
      on now.pupil_id = s.pupil_id
      and now.subject = s.subject
      and now.term_no = s.term_no
    join told as past
      on past.pupil_id = s.pupil_id
      and past.subject = s.subject
      and past.term_no = s.earlier_term_no
    where (k.kind = 'cohort' or s.change in ('scale_changed', 'not_seen', 'no_result'))
      and now.standing is not null
      and past.standing is not null
      and (
        now.scale <> past.scale
        or now.assessment_kind <> past.assessment_kind
        or now.paper <> past.paper
      )
  ),
  placed as (
    select
      *,
      count(*) over same as pupils,
      rank() over (same order by standing_then desc) as place_then,
      rank() over (same order by standing_now desc) as place_now,
      count(*) over (
        partition by
          school_id, term_no, year_group, subject, earlier_term_no, from_scale,
          from_assessment_kind, from_paper, scale, assessment_kind, paper, standing_then
      ) as level_then,
      count(*) over (
        partition by
          school_id, term_no, year_group, subject, earlier_term_no, from_scale,
          from_assessment_kind, from_paper, scale, assessment_kind, paper, standing_now
      ) as level_now
    from changed
    window same as (
      partition by
        school_id, term_no, year_group, subject, earlier_term_no, from_scale,
        from_assessment_kind, from_paper, scale, assessment_kind, paper
    )
  )
select
  p.* exclude (from_paper, paper, standing_then, standing_now),
  t.academic_year,
  t.term,
  100 * (p.pupils - p.place_then + 1 - p.level_then / 2.0) / p.pupils as percentile_then,
  100 * (p.pupils - p.place_now + 1 - p.level_now / 2.0) / p.pupils as percentile_now
from placed as p
join reference.term as t
  on t.term_no = p.term_no
where p.pupils >= (
  select number from reference.setting where name = 'bridge_minimum_pupils'
)
