-- one row is a result of an earlier file that the file which corrects it does not have
-- code = "result_left_out"
-- title = "Corrected results have every pupil of the earlier ones"
-- severity = "warning"
-- level = "pupil"
-- owner = "class teacher"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "An earlier file gives this result, and the later file that corrects it does not have the pupil in this subject; the result still counts."
-- several = "An earlier file gives {count} results that the later file which corrects it does not have; they still count."
-- fix = "If the result is wrong, send it again with the right outcome, or withdraw the earlier file; else nothing is to be done."
-- why = "No result is taken out without a word, and none is kept unnoticed. A file corrects an earlier one of the same school, term, subject, scale, kind and assessment where the two share at least half of the pupils of the smaller; files of other classes do not."
with
  -- where nothing was replaced, nothing was corrected
  replaced as (
    select h.*
    from core.result_history as h
    join landing.export_file as f
      on f.file_id = h.file_id
    where f.status = 'loaded'
  ),
  several_files as (
    select distinct school_id, term_no, subject, scale, assessment_kind, assessment
    from replaced
  ),
  sent as (
    select school_id, term_no, subject, scale, assessment_kind, assessment, pupil_id, file_id
    from replaced
    union
    select
      r.school_id, r.term_no, r.subject, r.scale, r.assessment_kind, r.assessment, r.pupil_id,
      r.file_id
    from core.result as r
    join several_files as s
      on s.school_id = r.school_id
      and s.term_no = r.term_no
      and s.subject = r.subject
      and s.scale = r.scale
      and s.assessment_kind = r.assessment_kind
      and s.assessment = r.assessment
  ),
  sized as (
    select
      *,
      count(*) over (
        partition by
          school_id, term_no, subject, scale, assessment_kind, assessment, file_id
      ) as pupils,
      max(file_id) over (
        partition by
          school_id, term_no, subject, scale, assessment_kind, assessment, pupil_id
      ) as latest_file_id
    from sent
  ),
  corrected as (
    select
      a.school_id, a.term_no, a.subject, a.scale, a.assessment_kind, a.assessment, a.file_id
    from sized as a
    join sized as b
      on b.school_id = a.school_id
      and b.term_no = a.term_no
      and b.subject = a.subject
      and b.scale = a.scale
      and b.assessment_kind = a.assessment_kind
      and b.assessment = a.assessment
      and b.pupil_id = a.pupil_id
      and b.file_id > a.file_id
    group by
      a.school_id, a.term_no, a.subject, a.scale, a.assessment_kind, a.assessment, a.file_id,
      b.file_id
    having 2 * count(*) >= least(min(a.pupils), min(b.pupils))
  ),
  left_out as (
    select distinct
      s.school_id, s.term_no, s.subject, s.scale, s.assessment_kind, s.assessment, s.pupil_id,
      s.file_id
    from sized as s
    join corrected as c
      on c.school_id = s.school_id
      and c.term_no = s.term_no
      and c.subject = s.subject
      and c.scale = s.scale
      and c.assessment_kind = s.assessment_kind
      and c.assessment = s.assessment
      and c.file_id = s.file_id
    where s.latest_file_id = s.file_id
  )
select
  r.school_id,
  r.academic_year,
  r.term,
  r.subject,
  max(x.class_name) as class_name,
  r.pupil_id,
  r.file_id,
  min(r.line) as line
from core.result as r
join left_out as l
  on l.school_id = r.school_id
  and l.term_no = r.term_no
  and l.subject = r.subject
  and l.scale = r.scale
  and l.assessment_kind = r.assessment_kind
  and l.assessment = r.assessment
  and l.pupil_id = r.pupil_id
  and l.file_id = r.file_id
join landing.export_row as x
  on x.file_id = r.file_id
  and x.line = r.line
  and x.item = r.item
where coalesce(r.no_result_reason, '') <> 'blank'
group by
  r.school_id, r.academic_year, r.term, r.subject, r.pupil_id, r.file_id, r.scale,
  r.assessment_kind, r.assessment
