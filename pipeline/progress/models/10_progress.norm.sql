-- one row is a mark within a cohort norm: how many have it, how many are under it
-- The norm of a named paper is that of all schools that sat it in the year group and term; a mark
-- without a named paper has the norm of its own school. Kept norms (progress.kept_norm) are not
-- made again, so that a late school moves nobody.
with
  first_attempts as (
    select
      r.academic_year,
      r.term,
      r.assessment,
      r.subject,
      e.year_group,
      case when r.assessment = '' then r.school_id else 0 end as school_id,
      cast(r.outcome as double) as mark
    from core.result as r
    join reference.scale as s
      on s.scale = r.scale
      and s.kind = 'cohort'
    join core.enrolment as e
      on e.pupil_id = r.pupil_id
      and e.school_id = r.school_id
      and e.term_no = r.term_no
    where r.outcome_on_scale
      and r.attempt = 1
  ),
  counted as (
    select
      academic_year,
      term,
      assessment,
      subject,
      year_group,
      school_id,
      mark,
      count(*) as pupils_at_mark
    from first_attempts
    group by academic_year, term, assessment, subject, year_group, school_id, mark
  ),
  fresh as (
    select
      *,
      sum(pupils_at_mark) over (
        partition by academic_year, term, assessment, subject, year_group, school_id
        order by mark
      ) - pupils_at_mark as pupils_below,
      sum(pupils_at_mark) over (
        partition by academic_year, term, assessment, subject, year_group, school_id
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
    and k.assessment = f.assessment
    and k.subject = f.subject
    and k.year_group = f.year_group
    and k.school_id = f.school_id
)
union all by name
select *
from kept_norm
