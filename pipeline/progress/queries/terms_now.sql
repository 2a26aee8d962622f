-- one row is a term with all that its statuses are made from, as a fingerprint
-- The sums do not depend on the order of rows. `rules` stands for settings, scales and models.
with
  content as (
    select term_no, count(*) as number, sum(hash({result_columns})) as hashes
    from core.result
    group by term_no
    union all
    select term_no, count(*), sum(hash({enrolment_columns}))
    from core.enrolment
    group by term_no
    union all
    select t.term_no, count(*), sum(hash({norm_columns}))
    from kept_norm as k
    join reference.term as t
      using (academic_year, term)
    group by t.term_no
  )
select
  term_no,
  sha256($rules || string_agg(number || ' ' || hashes, ' ' order by number, hashes)) as made_from
from content
group by term_no
