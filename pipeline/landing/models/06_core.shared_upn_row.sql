-- one row is a row whose UPN two children have, and that cannot be told from the wrong one's
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
      or min(nullif(key_number, '')) <> max(nullif(key_number, ''))
  ),
  sent as (
    select
      r.file_id,
      r.line,
      r.item,
      r.place,
      r.upn,
      r.school_id,
      r.term_no,
      r.admission_number as number,
      r.date_of_birth as born,
      regexp_replace(lower(strip_accents(r.surname)), '[^\p{L}\p{N}]', '', 'g') as surname,
      regexp_replace(lower(strip_accents(r.forename)), '[^\p{L}\p{N}]', '', 'g') as forename
    from core.loaded_pupil as r
    join suspects as s
      on s.upn = r.upn
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
