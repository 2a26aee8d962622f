-- one row is something wrong, under a key that stays the same from export to export.
with numbered as (
  select
    *,
    row_number() over (
      partition by
        rule_code, school_id, academic_year, term, pupil_id, subject, class_name, column_name, found
      order by file_id, line
    ) as occurrence
  from listed_issue
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
          coalesce(cast(pupil_id as varchar), ''),
          coalesce(subject, ''),
          coalesce(class_name, ''),
          coalesce(column_name, ''),
          coalesce(found, ''),
          cast(occurrence as varchar)
        )
      ),
      1,
      16
    ) as issue_key
  from numbered
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
  false as accepted
from keyed
join accuracy.rule as rule
  on rule.rule_code = keyed.rule_code
cross join this_run
left join earlier_issue
  on earlier_issue.issue_key = keyed.issue_key
