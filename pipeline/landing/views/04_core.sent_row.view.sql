-- one row is a row of landing.export_row with the way in which it names its pupil
-- By UPN; without one by admission number, which one pupil has at a time; without either by name
-- and date of birth, in letters and digits alone and without accents. What is not used is empty.
select
  r.*,
  case when r.upn_kind in ('permanent', 'temporary') then r.upn else '' end as key_upn,
  coalesce(r.admission_number, '') as key_number,
  case when r.upn_kind in ('permanent', 'temporary') then 0 else r.term_no end as key_term_no,
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
from landing.export_row as r
