-- one row is a column that the school's last export filled and this one leaves empty
-- code = "column_gone"
-- title = "Exports keep their columns"
-- severity = "warning"
-- level = "file"
-- owner = "data lead"
-- system = "management information system"
-- counts = "pupil"
-- message = "The school's last export filled the column '{found}' ({detail}); in this term no row has it. Was a heading renamed, or a column left out?"
-- several = "{count} columns that the school's last export filled are empty in this term."
-- fix = "Compare the headings of this export with those of the last one, and export again with the column under the same heading."
-- why = "A heading that has changed is not recognised, and its whole column is lost without one wrong row."
-- least = { pupils = 3 }
-- limits = { share = 0.5 }
-- explains = ["class_missing", "sex_missing"]
with
  filled as (
    select
      e.school_id,
      e.academic_year,
      e.term,
      e.term_no,
      min(e.file_id) as file_id,
      count(*) as pupils,
      count(e.class_name) as class_name,
      count(e.teacher) as teacher,
      count(e.sex) as sex,
      count(e.admission_number) as admission_number,
      count(e.ethnicity) as ethnicity,
      count(e.entry_date) as entry_date,
      count(e.sen_need) as sen_need,
      count(e.english_proficiency) as english_proficiency,
      count(e.attendance_percent) as attendance_percent
    from core.enrolment as e
    group by e.school_id, e.academic_year, e.term, e.term_no
  ),
  told as (
    select
      f.school_id,
      f.academic_year,
      f.term,
      f.term_no,
      f.file_id,
      f.pupils,
      c.column_name,
      case c.column_name
        when 'class_name' then f.class_name
        when 'teacher' then f.teacher
        when 'sex' then f.sex
        when 'admission_number' then f.admission_number
        when 'ethnicity' then f.ethnicity
        when 'entry_date' then f.entry_date
        when 'sen_need' then f.sen_need
        when 'english_proficiency' then f.english_proficiency
        else f.attendance_percent
      end as given
    from filled as f
    cross join (
      values ('class_name'), ('teacher'), ('sex'), ('admission_number'), ('ethnicity'),
        ('entry_date'), ('sen_need'), ('english_proficiency'), ('attendance_percent')
    ) as c (column_name)
  ),
  beside as (
    select
      *,
      lag(given) over earlier as given_before,
      lag(pupils) over earlier as pupils_before
    from told
    window earlier as (partition by school_id, column_name order by term_no)
  )
select
  school_id,
  academic_year,
  term,
  column_name,
  column_name as found,
  cast(given_before as varchar) || ' of ' || cast(pupils_before as varchar) || ' pupils' as detail
from beside
where given = 0
  and pupils >= $pupils
  and pupils_before >= $pupils
  and given_before > $share * pupils_before
