-- one row is a row whose UPN two children have, and that cannot be told from the wrong one's; or, of
-- rows without a UPN, whose admission number two children have in one term
-- Two rows are of two children where forename and date of birth differ, and so does the surname or
-- the number at the school; or where both have a number of their own at the school in one term. The
-- child of more files and terms has the UPN; where two are level, neither has.
with
  -- those of whom all rows say the same are one child's
  suspects as (
    select key_upn as upn
    from told
    where key_upn <> ''
    group by key_upn
    having min(named) <> max(named)
      or min(hash(key_number)) filter (where key_number <> '')
        <> max(hash(key_number)) filter (where key_number <> '')
  ),
  suspect_numbers as (
    select school_id, term_no, key_number
    from told
    where key_upn = ''
      and key_number <> ''
    group by school_id, term_no, key_number
    having min(named) <> max(named)
  ),
  suspected as (
    select r.*, r.upn as shared_key
    from core.loaded_pupil as r
    join suspects as s
      on s.upn = r.upn
    union all
    select r.*, concat_ws(' ', r.school_id, r.term_no, r.key_number) as shared_key
    from core.loaded_pupil as r
    join suspect_numbers as s
      on s.school_id = r.school_id
      and s.term_no = r.term_no
      and s.key_number = r.key_number
    where r.key_upn = ''
  ),
  sent as (
    select
      file_id,
      line,
      item,
      place,
      shared_key as upn,
      school_id,
      term_no,
      admission_number as number,
      date_of_birth as born,
      regexp_replace(lower(strip_accents(surname)), '[^\p{L}\p{N}]', '', 'g') as surname,
      regexp_replace(lower(strip_accents(forename)), '[^\p{L}\p{N}]', '', 'g') as forename
    from suspected
  ),
  described as (
    select
      *,
      min(place) over (
        partition by upn, school_id, term_no, number, born, surname, forename
      ) as facts,
      min(place) over (partition by upn, forename, born) as child
    from sent
  ),
  seen as (
    select child, count(distinct cast(file_id as bigint) * 100000 + term_no) as times
    from described
    group by child
  ),
  facts_told as (
    select distinct
      t.facts, t.upn, t.school_id, t.term_no, t.number, t.born, t.surname, t.forename, t.child,
      s.times
    from described as t
    join seen as s
      on s.child = t.child
  ),
  apart as (
    select
      a.facts,
      a.child,
      b.facts as other_facts,
      b.child as other_child,
      b.times >= a.times as other_is_as_often
    from facts_told as a
    join facts_told as b
      on b.upn = a.upn
    where (
        a.forename <> b.forename
        and a.born <> b.born
        and (a.surname <> b.surname or (a.school_id = b.school_id and a.number <> b.number))
      )
      or (
        a.forename <> b.forename
        and a.surname <> b.surname
        and (a.born is null or b.born is null)
      )
      or (
        a.school_id = b.school_id
        and a.term_no = b.term_no
        and a.number <> b.number
        and (a.born <> b.born or a.forename <> b.forename)
      )
  ),
  doubtful as (
    select f.upn, p.facts, p.child, min(p.other_child) as other_child
    from apart as p
    join facts_told as f
      on f.facts = p.facts
    where p.other_is_as_often
    group by f.upn, p.facts, p.child
  ),
  set_aside as (
    select
      f.facts,
      min(least(d.child, d.other_child)) as candidate_1,
      max(greatest(d.child, d.other_child)) as candidate_2
    from facts_told as f
    join doubtful as d
      on d.upn = f.upn
    left join apart as p
      on p.facts = f.facts
      and p.other_facts = d.facts
    where p.facts is null
    group by f.facts
  )
select
  i.file_id,
  i.line,
  min(s.candidate_1) as candidate_1,
  max(s.candidate_2) as candidate_2
from described as t
join set_aside as s
  on s.facts = t.facts
join landing.export_item as i
  on i.file_id = t.file_id
  and i.pupil_line = t.line
  and i.pupil_item = t.item
group by i.file_id, i.line
