-- one row is a staged value that a correction is for and that has the text it expects
create or replace temp table matched_correction as
with
  numbers as (
    select urn as number, school_id
    from reference.school
    where urn is not null
    union
    select laestab, school_id
    from reference.school
    where laestab is not null
  ),
  given as (
    select
      g.*,
      coalesce(n.school_id, g.school) as school_id
    from given_correction as g
    left join numbers as n
      on n.number = g.school
  ),
  of_pupil as (
    select s.*, g.number, g.correction_key, g."column", g.value, g.school_id
    from stage as s
    join given as g
      on lower(text_of(s.admission_number)) = lower(text_of(g.pupil))
    where s.aside is null
      and (
        g.upn is null
        or upper(replace(text_of(s.upn), ' ', '')) = upper(replace(text_of(g.upn), ' ', ''))
      )
      and (
        g.academic_year is null
        or starting_year_of(s.academic_year) = starting_year_of(g.academic_year)
      )
      and (g.term is null or lower(text_of(s.term)) = g.term)
      and (g.subject is null or lower(text_of(s.subject)) = lower(text_of(g.subject)))
      and (
        g.assessment is null
        or lower(coalesce(text_of(s.assessment), '')) = lower(coalesce(text_of(g.assessment), ''))
      )
      and lower(coalesce(text_of({text_of_column}), '')) = lower(coalesce(text_of(g.expect), ''))
    union all
    select s.*, g.number, g.correction_key, g."column", g.value, g.school_id
    from stage as s
    join given as g
      on upper(replace(text_of(s.upn), ' ', '')) = upper(replace(text_of(g.upn), ' ', ''))
    where s.aside is null
      and g.pupil is null
      and (
        g.academic_year is null
        or starting_year_of(s.academic_year) = starting_year_of(g.academic_year)
      )
      and (g.term is null or lower(text_of(s.term)) = g.term)
      and (g.subject is null or lower(text_of(s.subject)) = lower(text_of(g.subject)))
      and (
        g.assessment is null
        or lower(coalesce(text_of(s.assessment), '')) = lower(coalesce(text_of(g.assessment), ''))
      )
      and lower(coalesce(text_of({text_of_column}), '')) = lower(coalesce(text_of(g.expect), ''))
  ),
  of_school as (
    select
      p.*,
      row_number() over (
        partition by p.file_id, p.line, p.item, p."column"
        order by p.number
      ) as place
    from of_pupil as p
    left join numbers as n
      on n.number = school_number_of(p.school)
    where coalesce(n.school_id, school_number_of(p.school)) = p.school_id
  )
select correction_key, file_id, line, item, "column", value
from of_school
where place = 1;
