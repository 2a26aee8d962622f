-- one row is a pupil on roll in a term: where the pupil stands in the Venn diagram
with
  rings as (
    select
      term_no,
      max(subject) filter (where bit = 1) as ring_1,
      max(subject) filter (where bit = 2) as ring_2,
      max(subject) filter (where bit = 4) as ring_3
    from progress.ring
    group by term_no
  ),
  counted as (
    select
      *,
      bit_count(ring_bits) as rings,
      bit_count(ring_bits & known_bits) as subjects_known,
      ring_bits & on_track_bits as inside
    from progress.standing
  )
select
  s.*,
  t.academic_year,
  t.term,
  bit_count(s.inside) as subjects_on_track,
  case
    when s.rings < 2 or s.subjects_known < s.rings then null
    when s.inside = 0 then 'none'
    else concat_ws(
      '+',
      case when s.inside & 1 > 0 then r.ring_1 end,
      case when s.inside & 2 > 0 then r.ring_2 end,
      case when s.inside & 4 > 0 then r.ring_3 end
    )
  end as region,
  (s.last_term_bits | s.term_before_bits) & s.ring_bits > 0 as carried
from counted as s
join rings as r
  on r.term_no = s.term_no
join reference.term as t
  on t.term_no = s.term_no
