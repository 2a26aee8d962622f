-- one row is a pupil on roll in a term and a subject that is due, with what was sent for it.
with sent as (
  select
    pupil_id,
    term_no,
    subject,
    max(case when outcome is not null then 1 else 0 end) = 1 as has_outcome
  from core.result
  group by pupil_id, term_no, subject
)
select
  enrolment.pupil_id,
  enrolment.school_id,
  enrolment.academic_year,
  enrolment.term,
  enrolment.term_no,
  enrolment.year_group,
  enrolment.class_name,
  enrolment.file_id,
  enrolment.line,
  enrolment.pupil_premium,
  enrolment.sen,
  enrolment.eal,
  due.subject,
  sent.pupil_id is not null as has_row,
  coalesce(sent.has_outcome, false) as has_outcome
from core.enrolment as enrolment
join reference.due as due
  on due.year_group = enrolment.year_group
  and due.term = enrolment.term
left join sent
  on sent.pupil_id = enrolment.pupil_id
  and sent.term_no = enrolment.term_no
  and sent.subject = due.subject
where enrolment.on_roll
