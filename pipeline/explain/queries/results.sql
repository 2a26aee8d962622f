-- one row is a result of the pupil in the term, in the order in which they would decide.
-- `why_not` names the first of the steps of `18_result_set_behind.temp.sql` at which it gives way to
-- the one that decides. What the pupil's main school does not see comes without its outcome.
with
  mine as (
    select *
    from progress.attainment
    where pupil_id = $pupil_id
      and term_no = $term_no
  ),
  deciding as (
    select *
    from mine
    where decides
  )
select
  a.subject,
  a.school_id,
  coalesce(s.school_name, cast(a.school_id as varchar)) as school_name,
  a.school_id is not distinct from main.school_id as of_main_school,
  a.scale,
  coalesce(scale.title, a.scale) as scale_title,
  scale.kind as scale_kind,
  a.assessment_kind,
  a.assessment,
  a.assessment_date,
  case when a.seen then a.outcome end as outcome,
  case when a.seen then a.no_result_reason end as no_result_reason,
  case when a.seen then a.points end as points,
  case when a.seen then a.attainment_status end as attainment_status,
  a.seen,
  a.decides,
  a.file_id,
  a.line,
  case
    when a.decides and a.seen then null
    when not a.seen then 'not_seen'
    when a.outcome is null and d.outcome is not null then 'no_outcome'
    when a.assessment_kind <> d.assessment_kind
      and d.assessment_kind = coalesce(due.assessment_kind, preferred.value)
      then case when due.assessment_kind is null then 'kind' else 'kind_due' end
    when a.assessment_date is null and d.assessment_date is not null then 'no_date'
    when a.assessment_date < d.assessment_date then 'earlier_date'
    when d.school_id = main.school_id and a.school_id <> main.school_id then 'other_school'
    when a.file_id < d.file_id then 'earlier_file'
    else 'earlier_line'
  end as why_not
from mine as a
join deciding as d
  on d.subject = a.subject
left join core.enrolment as main
  on main.pupil_id = a.pupil_id
  and main.term_no = a.term_no
  and main.on_roll
left join reference.due as due
  on due.year_group = a.year_group
  and due.subject = a.subject
  and due.term = a.term
cross join (
  select value from reference.setting where name = 'decides'
) as preferred
left join reference.scale as scale
  on scale.scale = a.scale
left join core.school as s
  on s.school_id = a.school_id
order by
  a.subject,
  a.decides desc,
  a.seen desc,
  a.outcome is not null desc,
  a.assessment_date desc nulls last,
  a.file_id desc,
  a.line desc
