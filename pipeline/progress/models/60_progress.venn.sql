-- one row is a pupil on roll in a term: where the pupil stands in the Venn diagram
select
  v.pupil_id,
  v.school_id,
  v.academic_year,
  v.term,
  v.term_no,
  v.year_group,
  v.class_name,
  v.team,
  count(*) filter (where v.ring) as rings,
  count(v.on_track) filter (where v.ring) as subjects_known,
  count(*) filter (where v.ring and v.on_track) as subjects_on_track,
  case
    when count(*) filter (where v.ring) < 2 then null
    when count(v.on_track) filter (where v.ring) < count(*) filter (where v.ring) then null
    else coalesce(
      string_agg(v.subject, '+' order by s.position) filter (where v.ring and v.on_track),
      'none'
    )
  end as region,
  bool_or(v.ring and coalesce(v.from_term_no < v.term_no, false)) as carried
from progress.venn_subject as v
join reference.subject as s
  on s.subject = v.subject
group by
  v.pupil_id, v.school_id, v.academic_year, v.term, v.term_no, v.year_group, v.class_name, v.team
