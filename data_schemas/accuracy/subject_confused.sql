-- one row is a test whose name says that it measures something else than its subject
-- code = "subject_confused"
-- title = "A test stands under the subject that it measures"
-- severity = "warning"
-- level = "file"
-- owner = "data lead"
-- system = "assessment tracker or markbook"
-- counts = "result"
-- message = "By its name ({detail}) the test measures spelling, grammar or the reading of words, but it is given as {found}."
-- several = "{count} tests of spelling, grammar or the reading of words are given as writing or reading."
-- fix = "Take the test out of the export, or give it a subject of its own. Spelling and grammar are not writing; reading words aloud is not reading with understanding."
-- why = "A child who spells well may be unable to write a story, and would be taken to be on track."
with
  named as (
    select
      school_id,
      academic_year,
      term,
      subject,
      assessment,
      min(file_id) as file_id,
      ' ' || lower(replace(replace(assessment, '-', ' '), '_', ' ')) || ' ' as words
    from class_outcome
    where assessment <> ''
    group by school_id, academic_year, term, subject, assessment
  )
select
  school_id,
  academic_year,
  term,
  subject,
  file_id,
  'subject' as column_name,
  subject as found,
  assessment as detail
from named
where (
    subject = 'writing'
    and (
      words like '% grammar%' or words like '% spelling%' or words like '% punctuation%'
      or words like '% gps %' or words like '% spag %' or words like '% gaps %'
      or words like '% vocabulary%'
    )
  )
  or (
    subject = 'reading'
    and (
      words like '% word reading%' or words like '% single word%' or words like '% sight word%'
      or words like '% phonic%' or words like '% spelling%' or words like '% grammar%'
    )
  )
