-- one row is a staged row, each value typed, with the rule it breaks where it cannot be loaded
create or replace temp table typed as
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
  values_read as (
    select
      s.file_id,
      s.line,
      s.item,
      s.broken,
      nullif(concat_ws(
        chr(10),
        s.as_sent,
        case when upper(replace(text_of(s.upn), ' ', '')) <> s.upn then 'upn: ' || s.upn end,
        case when cast(date_of(s.date_of_birth) as varchar) <> s.date_of_birth
          then 'date_of_birth: ' || s.date_of_birth end,
        case when year_group_of(s.year_group) <> s.year_group
          then 'year_group: ' || s.year_group end,
        case when length(s.sex) > 1 then 'sex: ' || s.sex end,
        case when length(s.pupil_premium) > 3 then 'pupil_premium: ' || s.pupil_premium end,
        case when length(s.fsm6) > 3 then 'fsm6: ' || s.fsm6 end,
        case when length(s.sen) > 1 then 'sen: ' || s.sen end,
        case when length(s.eal) > 3 then 'eal: ' || s.eal end,
        case when length(s.looked_after) > 3 then 'looked_after: ' || s.looked_after end,
        case when cast(date_of(s.entry_date) as varchar) <> s.entry_date
          then 'entry_date: ' || s.entry_date end,
        case when cast(date_of(s.leaving_date) as varchar) <> s.leaving_date
          then 'leaving_date: ' || s.leaving_date end,
        case when cast(date_of(s.assessment_date) as varchar) <> s.assessment_date
          then 'assessment_date: ' || s.assessment_date end
      ), '') as as_sent,
      f.year_group_required,
      case when f.kind = 'results' and s.item = 0 then 'pupils' else f.kind end as kind,
      school_number_of(s.school) as school_number,
      starting_year_of(s.academic_year) as starting_year,
      case when lower(text_of(s.term)) in ('autumn', 'spring', 'summer')
        then lower(text_of(s.term)) end as term,
      upper(replace(text_of(s.upn), ' ', '')) as upn,
      upper(replace(text_of(s.former_upn), ' ', '')) as former_upn,
      text_of(s.admission_number) as admission_number,
      text_of(s.surname) as surname,
      text_of(s.forename) as forename,
      date_of(s.date_of_birth) as date_of_birth,
      case upper(text_of(s.sex))
        when 'M' then 'M' when 'MALE' then 'M' when 'F' then 'F' when 'FEMALE' then 'F'
      end as sex,
      year_group_of(s.year_group) as year_group,
      text_of(s.class_name) as class_name,
      text_of(s.teacher) as teacher,
      yes_no(s.pupil_premium) as pupil_premium,
      yes_no(s.fsm6) as fsm6,
      code_in(s.sen, ['N', 'K', 'E', 'A', 'P', 'S']) as sen,
      upper(text_of(s.sen_need)) as sen_need,
      yes_no(s.eal) as eal,
      code_in(s.english_proficiency, ['A', 'B', 'C', 'D', 'E']) as english_proficiency,
      yes_no(s.looked_after) as looked_after,
      upper(text_of(s.ethnicity)) as ethnicity,
      date_of(s.entry_date) as entry_date,
      date_of(s.leaving_date) as leaving_date,
      code_in(s.enrol_status, ['C', 'M', 'S', 'G']) as enrol_status,
      case when number_of(replace(s.attendance_percent, '%', '')) <= 100
        then number_of(replace(s.attendance_percent, '%', '')) end as attendance_percent,
      case when lower(text_of(s.expectation)) = 'own' then 'own' end as expectation,
      text_of(s.school_name) as school_name,
      lower(text_of(s.subject)) as subject,
      lower(text_of(s.scale)) as scale,
      case lower(text_of(s.assessment_kind))
        when 'teacher' then 'teacher' when 'test' then 'test'
      end as assessment_kind,
      coalesce(regexp_replace(text_of(s.assessment), '\s+', ' ', 'g'), '') as assessment,
      date_of(s.assessment_date) as assessment_date,
      s.outcome as outcome_as_sent,
      upper(replace(text_of(s.outcome), ' ', '')) as outcome_key,
      number_of(s.outcome) as score,
      text_of(s.target) as target,
      case when lower(text_of(s.target_term)) in ('autumn', 'spring', 'summer')
        then lower(text_of(s.target_term)) end as target_term,
      concat_ws(
        ',',
        case when text_of(s.date_of_birth) is not null and date_of(s.date_of_birth) is null
          then 'date_of_birth' end,
        case when text_of(s.year_group) is not null and year_group_of(s.year_group) is null
          then 'year_group' end,
        case when text_of(s.sex) is not null
          and upper(text_of(s.sex)) not in ('M', 'F', 'MALE', 'FEMALE') then 'sex' end,
        case when text_of(s.pupil_premium) is not null and yes_no(s.pupil_premium) is null
          then 'pupil_premium' end,
        case when text_of(s.fsm6) is not null and yes_no(s.fsm6) is null then 'fsm6' end,
        case when text_of(s.sen) is not null
          and code_in(s.sen, ['N', 'K', 'E', 'A', 'P', 'S']) is null then 'sen' end,
        case when text_of(s.eal) is not null and yes_no(s.eal) is null then 'eal' end,
        case when text_of(s.english_proficiency) is not null
          and code_in(s.english_proficiency, ['A', 'B', 'C', 'D', 'E']) is null
          then 'english_proficiency' end,
        case when text_of(s.looked_after) is not null and yes_no(s.looked_after) is null
          then 'looked_after' end,
        case when text_of(s.entry_date) is not null and date_of(s.entry_date) is null
          then 'entry_date' end,
        case when text_of(s.leaving_date) is not null and date_of(s.leaving_date) is null
          then 'leaving_date' end,
        case when text_of(s.enrol_status) is not null
          and code_in(s.enrol_status, ['C', 'M', 'S', 'G']) is null then 'enrol_status' end,
        case when text_of(s.attendance_percent) is not null
          and coalesce(number_of(replace(s.attendance_percent, '%', '')), 101) > 100
          then 'attendance_percent' end,
        case when text_of(s.expectation) is not null
          and lower(text_of(s.expectation)) <> 'own' then 'expectation' end,
        case when text_of(s.assessment_kind) is not null
          and lower(text_of(s.assessment_kind)) not in ('teacher', 'test')
          then 'assessment_kind' end,
        case when text_of(s.assessment_date) is not null and date_of(s.assessment_date) is null
          then 'assessment_date' end,
        case when text_of(s.target_term) is not null
          and lower(text_of(s.target_term)) not in ('autumn', 'spring', 'summer')
          then 'target_term' end
      ) as not_understood
    from stage as s
    join staged_file as f
      on f.file_id = s.file_id
    where s.aside is null
  ),
  placed as (
    select
      v.*,
      coalesce(c.school_id, v.school_number) as school_id,
      t.academic_year,
      t.term_no,
      upn_kind(v.upn) as upn_kind,
      upn_check_letter_fits(v.upn) as upn_check_letter_fits,
      sc.scale as known_scale,
      sc.kind as scale_kind,
      coalesce(v.assessment_kind, sc.assessment_kind) as kind_of_assessment,
      o.outcome as scale_outcome,
      o.no_result_reason as code_reason,
      o.scale is not null as text_known,
      v.score between coalesce(sc.minimum, v.score) and coalesce(sc.maximum, v.score) as in_range
    from values_read as v
    left join school_numbers as c
      on c.school_number = v.school_number
    left join reference.term as t
      on t.term_no = 3 * v.starting_year
        + case v.term when 'autumn' then 0 when 'spring' then 1 when 'summer' then 2 end
    left join reference.scale as sc
      on sc.scale = v.scale
    left join reference.outcome as o
      on o.scale = v.scale
      and o.text = v.outcome_key
  )
select
  * exclude (broken, year_group_required, kind_of_assessment, scale_outcome, code_reason, text_known, in_range, assessment_kind),
  kind_of_assessment as assessment_kind,
  case
    when outcome_key is null or code_reason is not null then null
    when scale_outcome is not null then scale_outcome
    when scale_kind <> 'ladder' and score is not null then
      case when score = floor(score) then cast(cast(score as bigint) as varchar)
        else cast(score as varchar) end
    else text_of(outcome_as_sent)
  end as outcome,
  case
    when outcome_key is null or code_reason is not null then null
    when scale_outcome is not null then true
    when scale_kind <> 'ladder' then coalesce(in_range, false)
    else false
  end as outcome_on_scale,
  case when outcome_key is null then 'blank' else code_reason end as no_result_reason,
  case
    when broken is not null then broken
    when school_number is null then 'row_school'
    when term_no is null then 'row_term'
    when year_group is null
      and (year_group_required or strpos(not_understood, 'year_group') > 0)
      then 'row_year_group'
    when kind = 'results'
      and (subject is null or subject not in (select subject from reference.subject))
      then 'row_subject'
    when kind = 'results' and known_scale is null then 'row_scale'
    when coalesce(upn_kind, 'invalid') = 'invalid'
      and admission_number is null
      and (year_group_required or surname is null or forename is null or date_of_birth is null)
      then 'row_pupil'
  end as rule_code
from placed;
