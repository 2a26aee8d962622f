-- one row is a pupil with a score of a term in one series, beside the scores of the three before
-- An earlier score counts where the year group rose with the terms (`path` stays the same), so that
-- the score of a pupil who repeats a year is of another paper. Each join reads the scores of its term
-- only, which is a third faster than to keep those of all terms first.
create or replace temp table growth_score as
with
  scores as not materialized (
    select
      a.pupil_id,
      a.term_no,
      3 * y.position + a.term_no % 3 - a.term_no as path,
      a.points,
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
  s.path + $term_no as place,
  s.points as score,
  p1.points as score_1,
  p2.points as score_2,
  p3.points as score_3,
  s.standard_error as error,
  p1.standard_error as error_1,
  p2.standard_error as error_2,
  p3.standard_error as error_3,
  t.pupil_id is not null as asked
from scores as s
left join scores as p1
  on p1.pupil_id = s.pupil_id
  and p1.path = s.path
  and p1.term_no = $term_no - 1
left join scores as p2
  on p2.pupil_id = s.pupil_id
  and p2.path = s.path
  and p2.term_no = $term_no - 2
left join scores as p3
  on p3.pupil_id = s.pupil_id
  and p3.path = s.path
  and p3.term_no = $term_no - 3
left join progress.decision as t
  on t.pupil_id = s.pupil_id
  and t.term_no = $term_no
  and t.subject = $subject
  and t.status = 'underachieving'
  and not t.new_to_school
  and t.band <> 'own_steps'
where s.term_no = $term_no
