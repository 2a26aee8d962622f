-- one row is a school, term and subject whose results are those of an earlier term over again
-- code = "term_sent_again"
-- title = "Results are of their own term"
-- severity = "error"
-- level = "file"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "The {found} results are those of {detail} over again: nearly every pupil has exactly the same outcome, on a scale fine enough for that not to happen by chance."
-- several = "{count} sets of results are those of an earlier term over again."
-- fix = "Look which result set, test or data drop was chosen for the export, choose this term's and export again. If there was no new assessment, leave the subject out of this term's file."
-- why = "Another term's results in the place of this one's hide a whole term: nobody moves, and nobody new is seen to fall behind."
-- least = { pupils = 15, outcomes = 10 }
-- limits = { share = 0.9 }
-- explains = ["copied_forward"]
with
  by_school as (
    select
      school_id,
      academic_year,
      term,
      subject,
      scale,
      min(file_id) as file_id,
      max(term_no_before) as term_no_before,
      count(*) as pupils,
      count(distinct value) as outcomes,
      sum(case when value = value_before then 1 else 0 end) as same
    from carried_result
    where scale_kind <> 'ladder'
    group by school_id, academic_year, term, subject, scale
  )
select
  s.school_id,
  s.academic_year,
  s.term,
  s.subject,
  s.file_id,
  'outcome' as column_name,
  s.subject as found,
  b.term || ' ' || b.academic_year || ' (' || cast(s.same as varchar) || ' of '
    || cast(s.pupils as varchar) || ' pupils)' as detail
from by_school as s
join reference.term as b
  on b.term_no = s.term_no_before
where s.pupils >= $pupils
  and s.outcomes >= $outcomes
  and s.same >= $share * s.pupils
