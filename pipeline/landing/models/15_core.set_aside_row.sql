-- one row is a loaded row that may be one of two pupils', and is neither's until that is plain
-- only where: select 1 from core.shared_upn_row
-- only where: select 1 from core.pupil_key where pupil_id is null
-- only where: select 1 from told where standing >= 2
with
  shared as (
    select
      s.file_id,
      s.line,
      coalesce(min(one.pupil_id), s.candidate_1) as candidate_1,
      coalesce(min(two.pupil_id), s.candidate_2) as candidate_2
    from core.shared_upn_row as s
    left join core.pupil_key as one
      on one.first_seen = s.candidate_1
    left join core.pupil_key as two
      on two.first_seen = s.candidate_2
    group by s.file_id, s.line, s.candidate_1, s.candidate_2
  ),
  without_upn as (
    select distinct s.file_id, s.line
    from core.shared_upn_row as s
    join landing.export_item as i
      on i.file_id = s.file_id
      and i.line = s.line
    join core.loaded_pupil as r
      on r.file_id = i.file_id
      and r.line = i.pupil_line
      and r.item = i.pupil_item
    where r.key_upn = ''
  ),
  -- in schools with a list of pupils, what each file calls a pupil
  listed_school as (
    select distinct school_id
    from told
    where standing >= 2
  ),
  of_pupil as (
    select distinct
      k.pupil_id,
      t.school_id,
      t.file_id,
      t.standing >= 2 as by_list,
      t.key_upn,
      t.key_number,
      t.key_term_no,
      r.surname as surname_sent,
      r.forename as forename_sent,
      lower(r.surname) as surname,
      lower(r.forename) as forename
    from told as t
    join listed_school as l
      on l.school_id = t.school_id
    join core.pupil_key as k
      on k.school_id = t.school_id
      and k.upn = t.key_upn
      and k.admission_number = t.key_number
      and k.term_no = t.key_term_no
      and k.name_key = t.key_name
    join landing.export_pupil as r
      on r.file_id = (t.last_item + 9999) // 10000 // 100000000
      and r.line = (t.last_item + 9999) // 10000 % 100000000
      and r.item = (t.last_item + 9999) // 10000 * 10000 - t.last_item
    where k.pupil_id is not null
      and t.key_name = ''
      and r.surname is not null
      and r.forename is not null
  ),
  called as (
    select distinct pupil_id, school_id, surname, forename
    from of_pupil
    where by_list
  ),
  -- a row with the number or UPN of one pupil and both names of another
  misnamed as (
    select distinct r.*, o.pupil_id as named_pupil_id
    from of_pupil as r
    join called as o
      on o.school_id = r.school_id
      and o.surname = r.surname
      and o.forename = r.forename
      and o.pupil_id <> r.pupil_id
    where not r.by_list
      and exists (
        select 1
        from called as own
        where own.pupil_id = r.pupil_id
          and own.school_id = r.school_id
      )
      and not exists (
        select 1
        from called as own
        where own.pupil_id = r.pupil_id
          and own.school_id = r.school_id
          and (own.surname = r.surname or own.forename = r.forename)
      )
  ),
  other_name as (
    select distinct i.file_id, i.line, m.pupil_id, m.named_pupil_id
    from misnamed as m
    join core.loaded_pupil as r
      on r.file_id = m.file_id
      and r.school_id = m.school_id
      and r.key_upn = m.key_upn
      and r.key_number = m.key_number
      and r.key_term_no = m.key_term_no
      and r.key_name = ''
      and r.surname = m.surname_sent
      and r.forename = m.forename_sent
    join landing.export_item as i
      on i.file_id = r.file_id
      and i.pupil_line = r.line
      and i.pupil_item = r.item
    where r.kind in ('results', 'seen', 'facts')
  ),
  -- a row with the UPN of one pupil and the number that another has on the list of that term
  numbers_of_two as (
    select school_id, admission_number
    from core.pupil_key
    where admission_number <> ''
      and pupil_id is not null
    group by school_id, admission_number
    having min(pupil_id) < max(pupil_id)
  ),
  told_number as (
    select
      t.school_id, t.term_no, t.file_id, t.standing, t.key_upn, t.key_number, t.key_term_no,
      k.pupil_id
    from told as t
    join numbers_of_two as n
      on n.school_id = t.school_id
      and n.admission_number = t.key_number
    join core.pupil_key as k
      on k.school_id = t.school_id
      and k.upn = t.key_upn
      and k.admission_number = t.key_number
      and k.term_no = t.key_term_no
      and k.name_key = t.key_name
    where k.pupil_id is not null
  ),
  crossed as (
    select distinct
      t.school_id, t.term_no, t.file_id, t.key_upn, t.key_number, t.pupil_id,
      l.pupil_id as numbered_pupil_id
    from told_number as t
    join told_number as l
      on l.school_id = t.school_id
      and l.term_no = t.term_no
      and l.key_number = t.key_number
      and l.pupil_id <> t.pupil_id
    left join told_number as own
      on own.school_id = t.school_id
      and own.term_no = t.term_no
      and own.key_number = t.key_number
      and own.pupil_id = t.pupil_id
      and own.standing >= 2
    where t.standing < 2
      and t.key_upn <> ''
      and l.standing >= 2
      and own.pupil_id is null
  ),
  on_list as (
    select distinct c.school_id, c.term_no, c.pupil_id
    from crossed as c
    join core.pupil_key as k
      on k.pupil_id = c.pupil_id
      and k.school_id = c.school_id
    join told as t
      on t.school_id = k.school_id
      and t.term_no = c.term_no
      and t.key_upn = k.upn
      and t.key_number = k.admission_number
      and t.key_term_no = k.term_no
      and t.key_name = k.name_key
    where t.standing >= 2
  ),
  other_number as (
    select i.file_id, i.line, c.pupil_id, c.numbered_pupil_id
    from crossed as c
    join on_list as o
      on o.school_id = c.school_id
      and o.term_no = c.term_no
      and o.pupil_id = c.pupil_id
    join core.loaded_pupil as r
      on r.file_id = c.file_id
      and r.school_id = c.school_id
      and r.term_no = c.term_no
      and r.key_upn = c.key_upn
      and r.key_number = c.key_number
    join landing.export_item as i
      on i.file_id = r.file_id
      and i.pupil_line = r.line
      and i.pupil_item = r.item
    -- a name beside the UPN tells whose row it is
    left join called as own
      on own.pupil_id = c.pupil_id
      and own.school_id = c.school_id
      and (own.surname = lower(r.surname) or own.forename = lower(r.forename))
    where own.pupil_id is null
  )
select
  s.file_id,
  s.line,
  case when w.file_id is null then 'row_shared_upn' else 'row_ambiguous_pupil' end as rule_code,
  case when w.file_id is null then 'upn' else 'admission_number' end as column_name,
  case
    when w.file_id is null
      then 'Two pupils have this UPN: dates of birth, and names or admission numbers, differ.'
    else 'There is no UPN, and two pupils have this admission number: names and dates of birth differ.'
  end as reason,
  s.candidate_1,
  s.candidate_2
from shared as s
left join without_upn as w
  on w.file_id = s.file_id
  and w.line = s.line
union all
select distinct
  i.file_id,
  i.line,
  'row_ambiguous_pupil',
  case when k.name_key = '' then 'admission_number' else 'surname' end,
  case
    when k.name_key = '' then 'There is no UPN, and the admission number is that of two pupils.'
    else 'There is neither a UPN nor an admission number, and two pupils have the name and date of birth.'
  end,
  k.candidate_1,
  k.candidate_2
from core.loaded_pupil as r
join core.pupil_key as k
  on k.school_id = r.school_id
  and k.upn = r.key_upn
  and k.admission_number = r.key_number
  and k.term_no = r.key_term_no
  and k.name_key = r.key_name
join landing.export_item as i
  on i.file_id = r.file_id
  and i.pupil_line = r.line
  and i.pupil_item = r.item
where k.pupil_id is null
union all
select
  n.file_id,
  n.line,
  'row_ambiguous_pupil',
  'surname',
  'The UPN or admission number is one pupil''s, and the surname and forename are those of another pupil of the school.',
  least(min(n.pupil_id), min(n.named_pupil_id)),
  greatest(min(n.pupil_id), min(n.named_pupil_id))
from other_name as n
left join core.shared_upn_row as s
  on s.file_id = n.file_id
  and s.line = n.line
where s.file_id is null
group by n.file_id, n.line
union all
select
  n.file_id,
  n.line,
  'row_ambiguous_pupil',
  'admission_number',
  'The UPN is one pupil''s, and the admission number is that of another pupil of the school.',
  least(min(n.pupil_id), min(n.numbered_pupil_id)),
  greatest(min(n.pupil_id), min(n.numbered_pupil_id))
from other_number as n
left join core.shared_upn_row as s
  on s.file_id = n.file_id
  and s.line = n.line
left join other_name as m
  on m.file_id = n.file_id
  and m.line = n.line
where s.file_id is null
  and m.file_id is null
group by n.file_id, n.line
