-- one row is a result that another of the same pupil, term and subject goes before, so that it does
-- not decide
select file_id, line, item
from (
  select
    r.file_id,
    r.line,
    r.item,
    row_number() over (
      partition by r.pupil_id, r.term_no, r.subject
      order by
        r.seen desc,
        r.outcome is not null desc,
        r.assessment_kind = coalesce(d.assessment_kind, preferred.value) desc,
        r.assessment_date desc nulls last,
        r.main_school desc,
        r.file_id desc,
        r.line desc,
        r.item desc
    ) as place
  from placed_result as r
  join several_results as m
    on m.pupil_id = r.pupil_id
    and m.term_no = r.term_no
    and m.subject = r.subject
  cross join (
    select value from reference.setting where name = 'decides'
  ) as preferred
  left join reference.due as d
    on d.year_group = r.year_group
    and d.subject = r.subject
    and d.term = r.term
)
where place > 1
