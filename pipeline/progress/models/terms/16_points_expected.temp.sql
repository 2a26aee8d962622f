-- one row is points on a ladder that climbs, at a place in the course of school
-- with the last place at which no more than these were expected, and the first that expects any
with
  points as (
    select distinct o.scale, o.points
    from reference.outcome as o
    join reference.scale as s
      on s.scale = o.scale
      and s.climbs
    where o.points is not null
  ),
  positions as (
    select distinct 3 * (y.position - 1) + t.term_no % 3 as position
    from reference.year_group as y
    cross join reference.term as t
  )
select
  o.scale,
  o.points,
  p.position,
  max(x.position) filter (where x.points <= o.points) as last_position,
  min(x.position) as first_position
from points as o
cross join positions as p
join reference.expectation as x
  on x.scale = o.scale
  and x.position <= p.position
group by o.scale, o.points, p.position
