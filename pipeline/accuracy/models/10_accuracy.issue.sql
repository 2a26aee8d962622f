-- one row is something wrong, under a key that stays the same from export to export.
-- A pupil is known again by the number at the school, else the UPN, whatever file came first; a row
-- that was not loaded by the number that it gives its pupil, whatever its line.
with rejected as (
  select
    file_id,
    line,
    rule_code,
    min(admission_number) as admission_number,
    min(upn) as upn
  from landing.rejected_row
  group by file_id, line, rule_code
),
of_pupils as (
  select distinct pupil_id, school_id, academic_year, term
  from listed_issue
  where pupil_id is not null
),
number_at_school as (
  select
    identifier.pupil_id,
    identifier.school_id,
    min(identifier.value) as admission_number
  from core.pupil_identifier as identifier
  join (select distinct pupil_id, school_id from of_pupils) as asked
    on asked.pupil_id = identifier.pupil_id
    and asked.school_id = identifier.school_id
  where identifier.kind = 'admission_number'
  group by identifier.pupil_id, identifier.school_id
),
called as (
  select
    asked.pupil_id,
    asked.school_id,
    asked.academic_year,
    asked.term,
    coalesce(
      enrolment.admission_number,
      number_at_school.admission_number,
      pupil.upn,
      cast(asked.pupil_id as varchar)
    ) as number
  from of_pupils as asked
  left join core.enrolment as enrolment
    on enrolment.pupil_id = asked.pupil_id
    and enrolment.school_id = asked.school_id
    and enrolment.academic_year = asked.academic_year
    and enrolment.term = asked.term
  left join number_at_school
    on number_at_school.pupil_id = asked.pupil_id
    and number_at_school.school_id = asked.school_id
  left join core.pupil as pupil
    on pupil.pupil_id = asked.pupil_id
),
known as (
  select
    listed.*,
    rejected.admission_number,
    coalesce(called.number, rejected.admission_number, rejected.upn, '') as whose,
    -- a pupil who changes class has what is wrong still
    case
      when coalesce(cast(listed.pupil_id as varchar), rejected.admission_number, rejected.upn) is null
        then coalesce(listed.class_name, '')
      else ''
    end as of_class
  from listed_issue as listed
  left join called
    on called.pupil_id = listed.pupil_id
    and called.school_id = listed.school_id
    and called.academic_year = listed.academic_year
    and called.term = listed.term
  left join rejected
    on rejected.file_id = listed.file_id
    and rejected.line = listed.line
    and rejected.rule_code = listed.rule_code
),
numbered as (
  select
    *,
    row_number() over (
      partition by
        rule_code, school_id, academic_year, term, whose, subject, of_class, column_name, found
      order by file_id, line
    ) as occurrence
  from known
),
keyed as (
  select
    *,
    substr(
      sha256(
        concat_ws(
          '|',
          rule_code,
          coalesce(cast(school_id as varchar), ''),
          coalesce(academic_year, ''),
          coalesce(term, ''),
          whose,
          coalesce(subject, ''),
          of_class,
          coalesce(column_name, ''),
          coalesce(found, ''),
          cast(occurrence as varchar)
        )
      ),
      1,
      16
    ) as issue_key
  from numbered
),
-- by what an entry of corrections.toml says, an issue is one pupil's or nobody's in particular
named as (
  select
    keyed.issue_key,
    keyed.rule_code,
    keyed.school_id,
    keyed.academic_year,
    keyed.term,
    keyed.subject,
    coalesce(enrolment.admission_number, keyed.admission_number) as admission_number,
    keyed.whose = '' as of_nobody
  from keyed
  left join core.enrolment as enrolment
    on enrolment.pupil_id = keyed.pupil_id
    and enrolment.school_id = keyed.school_id
    and enrolment.academic_year = keyed.academic_year
    and enrolment.term = keyed.term
  where keyed.rule_code in (select rule_code from reference.accepted_issue)
),
accepted as (
  select
    issue_key,
    bool_or(in_force) as in_force,
    coalesce(min(case when in_force then accepted_no end), min(accepted_no)) as accepted_no
  from (
    select keyed.issue_key, entry.in_force, entry.accepted_no
    from keyed
    join reference.accepted_issue as entry
      on entry.issue_key = keyed.issue_key
    union all
    select named.issue_key, entry.in_force, entry.accepted_no
    from named
    join reference.accepted_issue as entry
      on entry.rule_code = named.rule_code
      and entry.school_id = named.school_id
      and entry.academic_year = named.academic_year
      and entry.term = named.term
    where coalesce(entry.subject, named.subject, '') = coalesce(named.subject, '')
      and case
        when entry.admission_number is null then named.of_nobody
        else coalesce(entry.admission_number = named.admission_number, false)
      end
  ) as matched
  group by issue_key
)
select
  keyed.issue_key,
  keyed.rule_code,
  keyed.school_id,
  keyed.academic_year,
  keyed.term,
  keyed.subject,
  keyed.class_name,
  keyed.pupil_id,
  keyed.file_id,
  keyed.line,
  keyed.column_name,
  replace(
    replace(rule.message, '{found}', coalesce(keyed.found, '')),
    '{detail}',
    coalesce(keyed.detail, '')
  )
    || case keyed.issues_explained
      when 0 then ''
      when 1 then ' It explains one other issue, which is not listed.'
      else
        ' It explains '
          || cast(keyed.issues_explained as varchar)
          || ' other issues, which are not listed one by one.'
    end as message,
  rule.fix,
  keyed.issues_explained,
  coalesce(earlier_issue.first_run, this_run.run_id) as first_run,
  this_run.run_id as last_run,
  coalesce(accepted.in_force, false) as accepted,
  accepted.accepted_no
from keyed
join accuracy.rule as rule
  on rule.rule_code = keyed.rule_code
cross join this_run
left join earlier_issue
  on earlier_issue.issue_key = keyed.issue_key
left join accepted
  on accepted.issue_key = keyed.issue_key
