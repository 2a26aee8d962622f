-- one row is a pupil, school and term with another UPN than in most terms under one admission number
-- code = "pupil_two_upns"
-- title = "A pupil keeps the UPN"
-- severity = "error"
-- level = "pupil"
-- owner = "office"
-- system = "management information system"
-- counts = "pupil"
-- message = "The same admission number and date of birth came with another UPN ({found})."
-- several = "{count} pupils have the same admission number and date of birth as before, with another UPN."
-- fix = "Find out which UPN is right. If the pupil has really been given another one, export the old one as former_upn."
-- why = "Under two UPNs one pupil is two, and neither has a history."
with
  suspects as (
    select school_id, admission_number
    from core.pupil_key
    where upn <> ''
      and admission_number <> ''
    group by school_id, admission_number
    having min(upn) <> max(upn)
  ),
  sent as (
    select r.*
    from current_row as r
    join suspects as s
      on s.school_id = r.school_id
      and s.admission_number = r.admission_number
  ),
  renamed as (
    select distinct school_id, admission_number, former_upn
    from sent
    where former_upn is not null
  ),
  told as (
    select
      r.pupil_id,
      r.school_id,
      r.academic_year,
      r.term,
      r.term_no,
      r.class_name,
      r.kind,
      r.file_id,
      r.line,
      r.admission_number,
      r.date_of_birth,
      r.upn as told
    from sent as r
    left join renamed as f
      on f.school_id = r.school_id
      and f.admission_number = r.admission_number
      and f.former_upn = r.upn
    where r.upn_kind = 'permanent'
      and r.date_of_birth is not null
      and f.former_upn is null
  ),
  differing as (
    select school_id, admission_number, date_of_birth
    from told
    group by school_id, admission_number, date_of_birth
    having min(told) <> max(told)
  ),
  terms_told as (
    select
      t.school_id,
      t.admission_number,
      t.date_of_birth,
      t.told,
      count(distinct t.term_no) as terms,
      min(t.term_no) as first_term_no,
      min(cast(t.file_id as bigint) * 100000000 + t.line) as first_place
    from told as t
    join differing as d
      on d.school_id = t.school_id
      and d.admission_number = t.admission_number
      and d.date_of_birth = t.date_of_birth
    group by t.school_id, t.admission_number, t.date_of_birth, t.told
  ),
  ranked as (
    select
      *,
      row_number() over (
        partition by school_id, admission_number, date_of_birth
        order by terms desc, first_term_no, first_place, told
      ) as place,
      first_value(first_place) over (
        partition by school_id, admission_number, date_of_birth
        order by terms desc, first_term_no, first_place, told
      ) as other_place
    from terms_told
  ),
  odd as (
    select
      t.*,
      r.other_place,
      row_number() over (
        partition by t.pupil_id, t.school_id, t.term_no
        order by case when t.kind = 'roll' then 0 else 1 end, t.file_id, t.line
      ) as odd_place
    from told as t
    join ranked as r
      on r.school_id = t.school_id
      and r.admission_number = t.admission_number
      and r.date_of_birth = t.date_of_birth
      and r.told = t.told
    where r.place > 1
  )
select
  school_id,
  academic_year,
  term,
  class_name,
  pupil_id,
  file_id,
  line,
  'upn' as column_name,
  'the other is in file ' || other_place // 100000000 || ', line ' || other_place % 100000000
    as found
from odd
where odd_place = 1
