-- attempts at one assessment are numbered where a pupil has several
update core.result as r
set attempt = n.attempt
from (
  select
    file_id,
    line,
    item,
    row_number() over (
      partition by pupil_id, school_id, term_no, subject, scale, assessment_kind, assessment
      order by assessment_date nulls last, line, item
    ) as attempt
  from core.result
  where hash(pupil_id, school_id, term_no, subject, scale, assessment_kind, assessment) in (
    select hash(pupil_id, school_id, term_no, subject, scale, assessment_kind, assessment)
    from core.result
    group by all
    having count(*) > 1
  )
) as n
where n.attempt > 1
  and n.file_id = r.file_id
  and n.line = r.line
  and n.item = r.item
