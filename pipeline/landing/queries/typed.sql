-- one row is a staged row, each value typed, with the rule it breaks where it cannot be loaded
with
  school_numbers as (
    select urn as school_number, school_id
    from reference.school
    where urn is not null
    union all
    select laestab, school_id
    from reference.school
    where laestab is not null
  ),
  -- text without blanks around it, but for the outcome, which is kept as sent
  texts as (
    select
      s.* exclude (aside, outcome),
      s.outcome as outcome_as_sent,
      text_of(s.outcome) as outcome,
      f.year_group_required,
      case when f.kind = 'results' and s.item = 0 then 'seen' else f.kind end as kind
    from {staged} as s
    join staged_file as f
      on f.file_id = s.file_id
    where s.aside is null
  ),
  values_read as (
    select
      file_id,
      line,
      item,
      kind,
      broken,
      as_sent,
      year_group_required,
      school_number_of(school) as school_number,
      starting_year_of(academic_year) as starting_year,
      case lower(term) when 'autumn' then 0 when 'spring' then 1 when 'summer' then 2 end
        as term_of_year,
      upn as t_upn,
      year_group as t_year_group,
      upper(replace(upn, ' ', '')) as upn,
      try_cast(substr(upper(replace(upn, ' ', '')), 2, 11) as bigint) as upn_number,
      upper(replace(former_upn, ' ', '')) as former_upn,
      -- a number of a pupil is one word; what else stands there is a footer
      case when not contains(admission_number, ' ') then admission_number end as admission_number,
      surname,
      forename,
      date_of(date_of_birth) as date_of_birth,
      case upper(sex) when 'M' then 'M' when 'MALE' then 'M' when 'F' then 'F' when 'FEMALE' then 'F'
        end as sex,
      bare_year_group(year_group) as bare_year_group,
      class_name,
      teacher,
      yes_no(pupil_premium) as pupil_premium,
      yes_no(fsm6) as fsm6,
      code_in(sen, ['N', 'K', 'E', 'A', 'P', 'S']) as sen,
      upper(sen_need) as sen_need,
      yes_no(eal) as eal,
      code_in(english_proficiency, ['A', 'B', 'C', 'D', 'E']) as english_proficiency,
      yes_no(looked_after) as looked_after,
      upper(ethnicity) as ethnicity,
      date_of(entry_date) as entry_date,
      date_of(leaving_date) as leaving_date,
      code_in(enrol_status, ['C', 'M', 'S', 'G']) as enrol_status,
      number_of(replace(attendance_percent, '%', '')) as attendance,
      case when lower(expectation) = 'own' then 'own' end as expectation,
      school_name,
      lower(subject) as subject,
      lower(scale) as scale,
      case lower(assessment_kind) when 'teacher' then 'teacher' when 'test' then 'test' end
        as assessment_kind,
      case when assessment is null then '' when contains(assessment, '  ') or contains(assessment, chr(10)) or contains(assessment, chr(13)) or contains(assessment, chr(12)) then regexp_replace(assessment, '\s+', ' ', 'g') else assessment end as assessment,
      date_of(assessment_date) as assessment_date,
      outcome_as_sent,
      outcome as outcome_text,
      upper(replace(outcome, ' ', '')) as outcome_key,
      number_of(outcome) as score,
      target,
      case when lower(target_term) in ('autumn', 'spring', 'summer') then lower(target_term) end
        as target_term,
      date_of_birth as t_date_of_birth, sex as t_sex, pupil_premium as t_pupil_premium,
      fsm6 as t_fsm6, sen as t_sen, eal as t_eal, english_proficiency as t_english_proficiency,
      looked_after as t_looked_after, entry_date as t_entry_date, leaving_date as t_leaving_date,
      enrol_status as t_enrol_status, attendance_percent as t_attendance_percent,
      expectation as t_expectation, assessment_kind as t_assessment_kind,
      assessment_date as t_assessment_date, target_term as t_target_term
    from texts
  ),
  placed as (
    select
      v.* exclude (upn, upn_number, assessment_kind),
      v.upn,
      year_group_of(v.bare_year_group) as year_group,
      case when v.attendance <= 100 then v.attendance end as attendance_percent,
      coalesce(c.school_id, v.school_number) as school_id,
      t.academic_year,
      t.term,
      t.term_no,
      upn_kind(v.upn) as upn_kind,
      upn_number_fits(v.upn, v.upn_number) as upn_check_letter_fits,
      sc.scale as known_scale,
      sc.kind as scale_kind,
      v.assessment_kind as told_kind,
      coalesce(v.assessment_kind, sc.assessment_kind) as assessment_kind,
      o.outcome as scale_outcome,
      o.no_result_reason as code_reason,
      v.score between coalesce(sc.minimum, v.score) and coalesce(sc.maximum, v.score) as in_range,
      j.subject as known_subject
    from values_read as v
    left join school_numbers as c
      on c.school_number = v.school_number
    left join reference.term as t
      on t.term_no = 3 * v.starting_year + v.term_of_year
    left join reference.scale as sc
      on sc.scale = v.scale
    left join reference.subject as j
      on j.subject = v.subject
    left join reference.outcome as o
      on o.scale = v.scale
      and o.text = v.outcome_key
  )
select
  * exclude (broken, as_sent, year_group_required),
  nullif(concat_ws(
    chr(10),
    as_sent,
    case when t_upn <> upn then 'upn: ' || t_upn end,
    case when length(t_date_of_birth) <> 10 or substr(t_date_of_birth, 5, 1) <> '-'
      then 'date_of_birth: ' || t_date_of_birth end,
    case when t_year_group <> year_group then 'year_group: ' || t_year_group end,
    case when length(t_sex) > 1 then 'sex: ' || t_sex end,
    case when length(t_pupil_premium) > 3 then 'pupil_premium: ' || t_pupil_premium end,
    case when length(t_fsm6) > 3 then 'fsm6: ' || t_fsm6 end,
    case when length(t_sen) > 1 then 'sen: ' || t_sen end,
    case when length(t_eal) > 3 then 'eal: ' || t_eal end,
    case when length(t_looked_after) > 3 then 'looked_after: ' || t_looked_after end,
    case when length(t_entry_date) <> 10 or substr(t_entry_date, 5, 1) <> '-'
      then 'entry_date: ' || t_entry_date end,
    case when length(t_leaving_date) <> 10 or substr(t_leaving_date, 5, 1) <> '-'
      then 'leaving_date: ' || t_leaving_date end,
    case when length(t_assessment_date) <> 10 or substr(t_assessment_date, 5, 1) <> '-'
      then 'assessment_date: ' || t_assessment_date end
  ), '') as as_sent,
  case
    when outcome_key is null or code_reason is not null then null
    when scale_outcome is not null then scale_outcome
    when scale_kind <> 'ladder' and score is not null then
      case when score = floor(score) then cast(cast(score as bigint) as varchar)
        else cast(score as varchar) end
    else outcome_text
  end as outcome,
  case
    when outcome_key is null or code_reason is not null then null
    when scale_outcome is not null then true
    when scale_kind <> 'ladder' then coalesce(in_range, false)
    else false
  end as outcome_on_scale,
  case when outcome_key is null then 'blank' else code_reason end as no_result_reason,
  concat_ws(
    ',',
    case when t_date_of_birth is not null and date_of_birth is null then 'date_of_birth' end,
    case when t_year_group is not null and year_group is null then 'year_group' end,
    case when t_sex is not null and sex is null then 'sex' end,
    case when t_pupil_premium is not null and pupil_premium is null then 'pupil_premium' end,
    case when t_fsm6 is not null and fsm6 is null then 'fsm6' end,
    case when t_sen is not null and sen is null then 'sen' end,
    case when t_eal is not null and eal is null then 'eal' end,
    case when t_english_proficiency is not null and english_proficiency is null
      then 'english_proficiency' end,
    case when t_looked_after is not null and looked_after is null then 'looked_after' end,
    case when t_entry_date is not null and entry_date is null then 'entry_date' end,
    case when t_leaving_date is not null and leaving_date is null then 'leaving_date' end,
    case when t_enrol_status is not null and enrol_status is null then 'enrol_status' end,
    case when t_attendance_percent is not null and attendance_percent is null
      then 'attendance_percent' end,
    case when t_expectation is not null and expectation is null then 'expectation' end,
    case when t_assessment_kind is not null and told_kind is null then 'assessment_kind' end,
    case when t_assessment_date is not null and assessment_date is null then 'assessment_date' end,
    case when t_target_term is not null and target_term is null then 'target_term' end
  ) as not_understood,
  case
    when broken is not null then broken
    when school_number is null then 'row_school'
    when term_no is null then 'row_term'
    when year_group is null and (year_group_required or t_year_group is not null)
      then 'row_year_group'
    when kind = 'results' and known_subject is null then 'row_subject'
    when kind = 'results' and known_scale is null then 'row_scale'
    when coalesce(upn_kind, 'invalid') = 'invalid'
      and admission_number is null
      and (year_group_required or surname is null or forename is null or date_of_birth is null)
      then 'row_pupil'
  end as rule_code
from placed
