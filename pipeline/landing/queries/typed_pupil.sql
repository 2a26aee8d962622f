-- one row is what a staged row, and those after it that say the same, say of a pupil, each value
-- typed, with the rule it breaks where it cannot be loaded
-- A text that is no word of a closed list (`words.…`) is not understood.
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
  -- there are few, so each is read once, and apart from the rows
  years_read as materialized (
    select sent as sent_year, starting_year_of(sent) as starting_year
    from (select distinct academic_year as sent from {leading} where aside is null)
  ),
  values_read as (
    select
      s.file_id,
      s.line,
      s.item,
      case when f.kind = 'results' and s.item = 0 then 'seen' else f.kind end as kind,
      f.year_group_required,
      school_number_of(school) as school_number,
      y.starting_year,
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
      try_cast(
        case upper(sex) when 'MALE' then 'M' when 'FEMALE' then 'F' else upper(sex) end as words.sex
      ) as sex,
      bare_year_group(year_group) as bare_year_group,
      class_name,
      teacher,
      yes_no(pupil_premium) as pupil_premium,
      yes_no(fsm6) as fsm6,
      try_cast(upper(sen) as words.sen) as sen,
      upper(sen_need) as sen_need,
      yes_no(eal) as eal,
      try_cast(upper(english_proficiency) as words.english_proficiency) as english_proficiency,
      yes_no(looked_after) as looked_after,
      upper(ethnicity) as ethnicity,
      date_of(entry_date) as entry_date,
      date_of(leaving_date) as leaving_date,
      try_cast(upper(enrol_status) as words.enrol_status) as enrol_status,
      number_of(replace(attendance_percent, '%', '')) as attendance,
      try_cast(lower(expectation) as words.expectation) as expectation,
      school_name,
      date_of_birth as t_date_of_birth, sex as t_sex, pupil_premium as t_pupil_premium,
      fsm6 as t_fsm6, sen as t_sen, eal as t_eal, english_proficiency as t_english_proficiency,
      looked_after as t_looked_after, entry_date as t_entry_date, leaving_date as t_leaving_date,
      enrol_status as t_enrol_status, attendance_percent as t_attendance_percent,
      expectation as t_expectation
    from {leading} as s
    join staged_file as f
      on f.file_id = s.file_id
    left join years_read as y
      on y.sent_year = s.academic_year
    where s.aside is null
      and s.line = s.pupil_line
      and s.item = s.pupil_item
  ),
  placed as (
    select
      v.* exclude (upn, upn_number),
      v.upn,
      year_group_of(v.bare_year_group) as year_group,
      case when v.attendance <= 100 then v.attendance end as attendance_percent,
      coalesce(c.school_id, v.school_number) as school_id,
      t.academic_year,
      t.term,
      t.term_no,
      upn_kind(v.upn) as upn_kind,
      upn_number_fits(v.upn, v.upn_number) as upn_check_letter_fits
    from values_read as v
    left join school_numbers as c
      on c.school_number = v.school_number
    left join reference.term as t
      on t.term_no = 3 * v.starting_year + v.term_of_year
  )
select
  * exclude (year_group_required),
  nullif(concat_ws(
    chr(10),
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
      then 'leaving_date: ' || t_leaving_date end
  ), '') as as_sent,
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
    case when t_expectation is not null and expectation is null then 'expectation' end
  ) as not_understood,
  case
    when school_number is null then 'row_school'
    when term_no is null then 'row_term'
    when year_group is null and (year_group_required or t_year_group is not null)
      then 'row_year_group'
    when coalesce(upn_kind, 'invalid') = 'invalid'
      and admission_number is null
      and (year_group_required or surname is null or forename is null or date_of_birth is null)
      then 'row_pupil'
  end as rule_code
from placed
