-- one row is a mark within a cohort norm: how many have it, how many are under it
-- The norm of a named paper is that of all schools that sat it in the year group and term; a mark
-- without a named paper has the norm of its own school. The name is compared without regard to case.
-- A pupil counts once, with the first mark, in the year group of the main school. Kept norms
-- (kept_norm) are not made again, so that a late school moves nobody.
-- only where: select 1 from core.result as r join reference.scale as s on s.scale = r.scale where s.kind = 'cohort' and r.term_no between getvariable('first_term_no') and getvariable('last_term_no')
-- only where: select 1 from kept_norm
with
  marks as (
    select
      r.pupil_id,
      r.academic_year,
      r.term,
      r.scale,
      r.paper as assessment,
      r.subject,
      r.year_group,
      case when r.assessment = '' then r.school_id else 0 end as school_id,
      try_cast(r.outcome as double) as mark,
      r.assessment_date,
      r.attempt,
      r.file_id,
      r.line,
      r.item
    from placed_result as r
    join reference.scale as s
      on s.scale = r.scale
      and s.kind = 'cohort'
    where r.outcome_on_scale
  ),
  first_marks as (
    select *
    from (
      select
        *,
        row_number() over (
          partition by pupil_id, academic_year, term, scale, assessment, subject, school_id
          order by assessment_date nulls last, attempt, file_id, line, item
        ) as place
      from marks
      where mark is not null
        and year_group is not null
    )
    where place = 1
  ),
  counted as (
    select
      academic_year,
      term,
      scale,
      assessment,
      subject,
      year_group,
      school_id,
      mark,
      count(*) as pupils_at_mark
    from first_marks
    group by academic_year, term, scale, assessment, subject, year_group, school_id, mark
  ),
  fresh as (
    select
      *,
      sum(pupils_at_mark) over (
        partition by academic_year, term, scale, assessment, subject, year_group, school_id
        order by mark
      ) - pupils_at_mark as pupils_below,
      sum(pupils_at_mark) over (
        partition by academic_year, term, scale, assessment, subject, year_group, school_id
      ) as norm_pupils,
      false as kept
    from counted
  )
select *
from fresh as f
where not exists (
  select 1
  from kept_norm as k
  where k.academic_year = f.academic_year
    and k.term = f.term
    and k.scale = f.scale
    and k.assessment = f.assessment
    and k.subject = f.subject
    and k.year_group = f.year_group
    and k.school_id = f.school_id
)
union all by name
select k.* exclude (kept_in)
from kept_norm as k
join reference.term as t
  on t.academic_year = k.academic_year
  and t.term = k.term
where t.term_no between getvariable('first_term_no') and getvariable('last_term_no')
