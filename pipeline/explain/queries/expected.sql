-- one row is a deciding result of the pupil in the term: where what is expected of it is said.
select
  a.subject,
  a.scale,
  coalesce(scale.title, a.scale) as scale_title,
  scale.kind as scale_kind,
  a.year_group,
  a.term,
  a.expected_outcome,
  a.flag_points,
  a.points,
  a.standard_error,
  a.reliability,
  a.norm_pupils,
  a.assessment,
  says.told_in as expected_in,
  says.assessment as expected_paper,
  error.told_in as error_in,
  error.assessment as error_paper,
  coalesce(meant.meaning, scale.meaning, 'this_point_in_year') as meaning,
  meant.meaning is not null as school_says_meaning,
  (
    select bool_or(n.kept)
    from progress.norm as n
    where n.academic_year = a.academic_year
      and n.term = a.term
      and n.scale = a.scale
      and n.assessment = lower(a.assessment)
      and n.subject = a.subject
      and n.year_group = a.year_group
      and n.school_id = case when a.assessment = '' then a.school_id else 0 end
  ) as norm_kept
from progress.attainment as a
join reference.scale as scale
  on scale.scale = a.scale
left join reference.school_meaning as meant
  on meant.school_id = a.school_id
  and meant.scale = a.scale
left join reference.paper as says
  on says.paper_no = a.expected_paper_no
left join reference.paper as error
  on error.paper_no = a.error_paper_no
where a.pupil_id = $pupil_id
  and a.term_no = $term_no
  and a.decides
  and a.seen
