-- one row is a pupil, term and subject of the Venn diagram, with the status it uses
select
  s.pupil_id,
  s.school_id,
  s.term_no,
  r.subject,
  s.ring_bits & r.bit > 0 as ring,
  case when s.known_bits & r.bit > 0 then s.on_track_bits & r.bit > 0 end as on_track,
  case
    when s.known_bits & r.bit = 0 then null
    when s.last_term_bits & r.bit > 0 then s.term_no - 1
    when s.term_before_bits & r.bit > 0 then s.term_no - 2
    else s.term_no
  end as from_term_no
from progress.standing as s
join progress.ring as r
  on r.term_no = s.term_no
