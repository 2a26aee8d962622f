-- one row is something a reader of the flags of a year group must know.
select
  caution.caution_code,
  caution.year_group,
  year_group.position as year_position,
  caution.subject,
  caution.scale,
  coalesce(scale.title, caution.scale) as scale_title,
  caution.pupils,
  caution.of_pupils
from progress.caution as caution
inner join reference.year_group as year_group
  on year_group.year_group = caution.year_group
left join reference.scale as scale
  on scale.scale = caution.scale
where caution.school_id = $school_id
  and caution.term_no = $term_no
order by
  caution.caution_code,
  year_group.position,
  caution.subject,
  caution.scale
