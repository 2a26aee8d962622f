-- one row is a file with the school and term that all its rows agree on
select
  file_id,
  case when min(school_id) = max(school_id) then min(school_id) end as school_id,
  case when min(academic_year) = max(academic_year) then min(academic_year) end as academic_year,
  case when min(term) = max(term) then min(term) end as term
from landing.export_pupil
group by file_id
