-- one row is a pupil on roll in a term: for each ring of the Venn diagram a bit says what is known
-- A subject that is not due, or not known for over half of a year group, uses the latest status of
-- the last two terms; where that too leaves over half unknown, the year group has no such ring. The
-- bits of all rings are gathered in one number, eight for each thing said.
with told as (
  select
    p.pupil_id,
    p.school_id,
    p.term_no,
    p.year_group,
    bit_or(
      r.bit * (
        case when u.school_id is null then 1 else 0 end
        + case when coalesce(p.on_track, c.on_track) is not null then 1 << 8 else 0 end
        + case when coalesce(p.on_track, c.on_track) then 1 << 16 else 0 end
        + case
          when p.on_track is not null or c.pupil_id is null then 0
          when c.from_term_no = p.term_no - 1 then 1 << 24
          else cast(1 as bigint) << 32
        end
      )
    ) as bits
  from venn_pupil as p
  join progress.ring as r
    on r.term_no = p.term_no
    and r.subject = p.subject
  left join carried as c
    on c.pupil_id = p.pupil_id
    and c.term_no = p.term_no
    and c.subject = p.subject
  left join no_ring as u
    on u.school_id = p.school_id
    and u.term_no = p.term_no
    and u.year_group = p.year_group
    and u.subject = p.subject
  group by p.pupil_id, p.school_id, p.term_no, p.year_group
)
select
  pupil_id,
  school_id,
  term_no,
  year_group,
  bits & 255 as ring_bits,
  bits >> 8 & 255 as known_bits,
  bits >> 16 & 255 as on_track_bits,
  bits >> 24 & 255 as last_term_bits,
  bits >> 32 & 255 as term_before_bits
from told
