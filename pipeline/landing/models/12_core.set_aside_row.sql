-- one row is a loaded row that may be one of two pupils', and is neither's until that is plain
with
  shared as (
    select
      s.file_id,
      s.line,
      coalesce(min(one.pupil_id), s.candidate_1) as candidate_1,
      coalesce(min(two.pupil_id), s.candidate_2) as candidate_2
    from core.shared_upn_row as s
    left join core.pupil_key as one
      on one.first_seen = s.candidate_1
    left join core.pupil_key as two
      on two.first_seen = s.candidate_2
    group by s.file_id, s.line, s.candidate_1, s.candidate_2
  )
select
  file_id,
  line,
  'row_shared_upn' as rule_code,
  'upn' as column_name,
  'Two pupils have this UPN: dates of birth, and names or admission numbers, differ.' as reason,
  candidate_1,
  candidate_2
from shared
union all
select distinct
  r.file_id,
  r.line,
  'row_ambiguous_pupil',
  case when k.name_key = '' then 'admission_number' else 'surname' end,
  case
    when k.name_key = '' then 'There is no UPN, and the admission number is that of two pupils.'
    else 'There is neither a UPN nor an admission number, and two pupils have the name and date of birth.'
  end,
  k.candidate_1,
  k.candidate_2
from core.loaded_row as r
join core.pupil_key as k
  on k.school_id = r.school_id
  and k.upn = r.key_upn
  and k.admission_number = r.key_number
  and k.term_no = r.key_term_no
  and k.name_key = r.key_name
where k.pupil_id is null
