-- one row is a staged row, or one of the results of a row, with what it says beside what it says of
-- the pupil, each value typed, and the rule it breaks where it cannot be loaded
with
  values_read as (
    select
      s.file_id,
      s.line,
      s.item,
      s.pupil_line,
      s.pupil_item,
      f.kind = 'results' and s.item > 0 as of_result,
      s.broken,
      s.as_sent,
      lower(subject) as subject,
      lower(scale) as scale,
      try_cast(lower(assessment_kind) as words.assessment_kind) as told_kind,
      case
        when assessment is null then ''
        when contains(assessment, '  ')
          or contains(assessment, chr(10))
          or contains(assessment, chr(12))
          or contains(assessment, chr(13))
          then regexp_replace(assessment, '\s+', ' ', 'g')
        else assessment
      end as assessment,
      date_of(assessment_date) as assessment_date,
      -- the outcome is kept as sent
      outcome as outcome_as_sent,
      text_of(outcome) as outcome_text,
      upper(replace(text_of(outcome), ' ', '')) as outcome_key,
      number_of(text_of(outcome)) as score,
      target,
      try_cast(lower(target_term) as words.term) as target_term,
      assessment_kind as t_assessment_kind,
      assessment_date as t_assessment_date,
      target_term as t_target_term
    from {staged} as s
    join staged_file as f
      on f.file_id = s.file_id
    where s.aside is null
  ),
  placed as (
    select
      v.* exclude (subject, scale),
      sc.scale,
      sc.kind as scale_kind,
      coalesce(v.told_kind, sc.assessment_kind) as assessment_kind,
      o.outcome as scale_outcome,
      o.no_result_reason as code_reason,
      v.score between coalesce(sc.minimum, v.score) and coalesce(sc.maximum, v.score) as in_range,
      j.subject
    from values_read as v
    left join reference.scale as sc
      on sc.scale = v.scale
    left join reference.subject as j
      on j.subject = v.subject
    left join reference.outcome as o
      on o.scale = v.scale
      and o.text = v.outcome_key
  )
select
  * exclude (as_sent),
  nullif(concat_ws(
    chr(10),
    as_sent,
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
    case when t_assessment_kind is not null and told_kind is null then 'assessment_kind' end,
    case when t_assessment_date is not null and assessment_date is null then 'assessment_date' end,
    case when t_target_term is not null and target_term is null then 'target_term' end
  ) as not_understood,
  case
    when broken is not null then broken
    when of_result and subject is null then 'row_subject'
    when of_result and scale is null then 'row_scale'
  end as rule_code
from placed
