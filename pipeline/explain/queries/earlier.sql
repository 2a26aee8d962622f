-- one row is an earlier term and subject in which the pupil was due, the latest first.
select
  t.subject,
  t.term_no,
  t.status,
  r.scale,
  coalesce(scale.title, r.scale) as scale_title,
  scale.kind as scale_kind,
  r.assessment_kind,
  r.assessment,
  r.outcome,
  r.no_result_reason,
  r.points,
  r.file_id,
  r.line,
  (
    select string_agg(f.reason, ',' order by f.reason)
    from progress.flag as f
    where f.pupil_id = t.pupil_id
      and f.term_no = t.term_no
      and f.subject = t.subject
  ) as reasons
from progress.status as t
left join progress.attainment as r
  on r.pupil_id = t.pupil_id
  and r.term_no = t.term_no
  and r.subject = t.subject
  and r.decides
  and r.seen
left join reference.scale as scale
  on scale.scale = r.scale
where t.pupil_id = $pupil_id
  and t.term_no < $term_no
order by t.subject, t.term_no desc
