-- one row is a score of a pupil of such a cohort, in its term or one of the three before
-- `year` counts terms, and `year_group` with it (3 × year group + number of the term), so that the
-- score of a pupil who repeats a year is of another paper.
with
  scores as (
    select
      a.pupil_id,
      a.term_no as year,
      3 * y.position + a.term_no % 3 as year_group,
      a.year_group as year_group_name,
      a.points as score,
      a.standard_error
    from progress.attainment as a
    join reference.year_group as y
      on y.year_group = a.year_group
    where a.term_no between $term_no - 3 and $term_no
      and a.subject = $subject
      and a.series_no = $series_no
      and a.decides
      and a.seen
      and a.points is not null
      and a.standard_error is not null
  )
select
  s.pupil_id,
  s.year,
  s.year_group,
  s.score,
  s.standard_error,
  t.pupil_id is not null as asked
from scores as s
left join progress.status as t
  on t.pupil_id = s.pupil_id
  and t.term_no = s.year
  and t.subject = $subject
  and t.status = 'underachieving'
  and not t.new_to_school
  and not t.own_steps
where s.pupil_id in (
  select pupil_id
  from scores
  where year = $term_no
    and year_group_name = $year_group
)
order by s.pupil_id, s.year
