-- one row is a subject and series of a term in which pupils enough for a norm of growth have scores
-- What is compared: deciding scores with a known error, never rungs of a ladder.
select
  a.subject,
  a.series_no
from progress.attainment as a
join reference.scale as s
  on s.scale = a.scale
  and s.kind <> 'ladder'
where a.term_no = $term_no
  and a.decides
  and a.seen
  and a.series_no is not null
  and a.points is not null
  and a.standard_error is not null
group by a.subject, a.series_no
having count(*) >= $least_pupils
order by a.subject, a.series_no
