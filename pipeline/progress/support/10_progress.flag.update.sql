-- one row more is a supporting reason: growth is low beside pupils with the same earlier scores
-- It is borderline whatever its interval, so that it never makes a status clear.
insert into progress.flag by name
select
  g.pupil_id,
  t.school_id,
  g.academic_year,
  g.term,
  g.term_no,
  g.subject,
  'low_growth' as reason,
  'borderline' as certainty_band,
  a.points as value,
  g.norm_pupils as n,
  a.file_id,
  a.line
from progress.growth as g
join progress.status as t
  on t.pupil_id = g.pupil_id
  and t.term_no = g.term_no
  and t.subject = g.subject
  and t.status = 'underachieving'
join progress.attainment as a
  on a.pupil_id = g.pupil_id
  and a.term_no = g.term_no
  and a.subject = g.subject
  and a.decides
