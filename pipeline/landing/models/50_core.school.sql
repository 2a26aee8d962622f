-- one row is a school that has sent something or that the settings name
with
  sent as (
    select
      school_id,
      arg_max(school_name, cast(term_no as bigint) * 1000000000000000 + place)
        filter (where school_name is not null) as school_name
    from core.loaded_pupil
    group by school_id
  )
select
  coalesce(r.school_id, s.school_id) as school_id,
  case when r.school_id is not null then r.urn
    when s.school_id < 1000000 then s.school_id end as urn,
  case when r.school_id is not null then r.laestab
    when s.school_id >= 1000000 then s.school_id end as laestab,
  coalesce(r.school_name, s.school_name, 'School ' || coalesce(r.school_id, s.school_id))
    as school_name
from sent as s
full join reference.school as r
  on r.school_id = s.school_id
