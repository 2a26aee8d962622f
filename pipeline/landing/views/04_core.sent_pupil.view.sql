-- one row is what rows of a file say of a pupil, with the way in which they name the pupil
-- By UPN; without one by admission number, which one pupil has at a time; without either by name
-- and date of birth, in letters and digits alone and without accents. What is not used is empty.
-- A row with results of several terms is one pupil's: the one of the latest.
with
  latest as (
    select file_id, line, max(term_no) as term_no
    from landing.export_pupil
    where file_id in (select file_id from landing.export_pupil where item > 1)
      and coalesce(upn_kind, 'invalid') = 'invalid'
    group by file_id, line
    having min(term_no) < max(term_no)
  )
select
  r.*,
  case when r.upn_kind in ('permanent', 'temporary') then r.upn else '' end as key_upn,
  coalesce(r.admission_number, '') as key_number,
  case when r.upn_kind in ('permanent', 'temporary') then 0 else coalesce(l.term_no, r.term_no)
    end as key_term_no,
  case
    when r.upn_kind in ('permanent', 'temporary') or r.admission_number is not null then ''
    else concat_ws(
      ' ',
      regexp_replace(lower(strip_accents(r.surname)), '[^\p{L}\p{N}]', '', 'g'),
      regexp_replace(lower(strip_accents(r.forename)), '[^\p{L}\p{N}]', '', 'g'),
      cast(r.date_of_birth as varchar)
    )
  end as key_name,
  cast(r.file_id as bigint) * 100000000 + r.line as place
from landing.export_pupil as r
left join latest as l
  on l.file_id = r.file_id
  and l.line = r.line
