-- one row is a pattern: of the term by every grouping, of earlier terms for the whole school.
select
  pattern.*,
  subject.position as subject_position
from progress.pattern as pattern
left join reference.subject as subject
  on subject.subject = pattern.subject
left join reference.year_group as year_group
  on pattern.grouped_by = 'year_group'
  and year_group.year_group = pattern.group_value
where pattern.school_id = $school_id
  and (
    pattern.term_no = $term_no
    or (pattern.term_no < $term_no and pattern.grouped_by = 'school')
  )
order by
  pattern.term_no,
  subject.position nulls last,
  case pattern.group_value
    when 'not_recorded' then 4
    when 'no' then 3
    when 'plan' then 2
    else 1
  end,
  case when pattern.group_value = 'yes' then 0 else 1 end,
  year_group.position,
  pattern.group_value
