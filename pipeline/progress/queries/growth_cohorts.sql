-- one row is a subject, series and year group of a term that is large enough for a norm of growth,
-- and in which somebody is underachieving whose growth may support that.
-- What is compared: deciding scores with a known error, never rungs of a ladder.
select
  a.subject,
  a.series_no,
  a.year_group
from progress.attainment as a
join reference.scale as s
  on s.scale = a.scale
  and s.kind <> 'ladder'
left join progress.status as t
  on t.pupil_id = a.pupil_id
  and t.term_no = a.term_no
  and t.subject = a.subject
  and t.status = 'underachieving'
  and not t.new_to_school
  and not t.own_steps
where a.term_no = $term_no
  and a.decides
  and a.seen
  and a.series_no is not null
  and a.points is not null
  and a.standard_error is not null
group by a.subject, a.series_no, a.year_group
having count(*) >= $least_pupils
  and count(t.pupil_id) > 0
order by a.subject, a.series_no, a.year_group
