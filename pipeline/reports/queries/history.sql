-- one row is a subject and a term up to this one, with the pupils of the school judged then.
select
  status.subject,
  subject.position as subject_position,
  status.term_no,
  count(*) filter (where status.status in ('on_track', 'underachieving')) as judged,
  count(*) filter (where status.status = 'underachieving') as underachieving
from progress.status as status
inner join reference.subject as subject
  on subject.subject = status.subject
where status.school_id = $school_id
  and status.term_no <= $term_no
group by
  status.subject,
  subject.position,
  status.term_no
order by
  subject.position,
  status.term_no
