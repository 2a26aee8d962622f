-- rows that cannot be loaded, or say nothing new, are set apart with the reason

-- blank rows: nothing in any column
insert into passed_over
select file_id, line, 'blank row'
from stage
where {all_blank};
delete from typed
where exists (
  select 1
  from passed_over as p
  where p.file_id = typed.file_id
    and p.line = typed.line
);

-- repeated rows: the same in every column as an earlier row of the file
insert into passed_over
with
  suspects as (
    select *
    from (
      select s.*, count(*) over (partition by file_id, hash({all_columns})) as alike
      from stage as s
    )
    where alike > 1
      and not {all_blank}
  ),
  numbered as (
    select
      file_id,
      line,
      min(line) over (partition by file_id, {all_columns}) as first_line
    from suspects
  )
select file_id, line, 'the same as line ' || first_line
from numbered
where line > first_line;
delete from typed
where exists (
  select 1
  from passed_over as p
  where p.file_id = typed.file_id
    and p.line = typed.line
);

-- one UPN for two pupils: another date of birth, and another admission number or another surname
-- and forename, in the same file
update typed
set rule_code = 'row_shared_upn'
where rule_code is null
  and (file_id, upn) in (
    select file_id, upn
    from typed
    where upn_kind in ('permanent', 'temporary')
    group by file_id, upn
    having count(distinct date_of_birth) > 1
      and (
        count(distinct admission_number) > 1
        or (count(distinct lower(surname)) > 1 and count(distinct lower(forename)) > 1)
      )
  );

-- no UPN, and the admission number is that of two pupils, as far as the files up to this one say
update typed
set rule_code = 'row_ambiguous_pupil'
from (
  with
    known as (
      select school_id, admission_number, upn, min(file_id) as first_file
      from (
        select school_id, admission_number, upn, upn_kind, file_id
        from core.loaded_row
        union all
        select school_id, admission_number, upn, upn_kind, file_id
        from typed
        where rule_code is null
      )
      where upn_kind in ('permanent', 'temporary')
        and admission_number is not null
      group by school_id, admission_number, upn
    ),
    numbered as (
      select
        *,
        row_number() over (partition by school_id, admission_number order by first_file, upn) as n
      from known
    )
  select school_id, admission_number, first_file
  from numbered
  where n = 2
) as two
where typed.rule_code is null
  and coalesce(typed.upn_kind, 'invalid') = 'invalid'
  and typed.school_id = two.school_id
  and typed.admission_number = two.admission_number
  and typed.file_id >= two.first_file;

insert into set_aside
select
  t.file_id,
  t.line,
  r.column_name,
  t.rule_code,
  r.reason
from typed as t
join (
  values
    ('row_school', 'school', 'The school is blank or not a URN (6 digits) or LAESTAB (7 digits).'),
    ('row_term', 'term', 'The academic year is not one such as 2025-26, or the term is not autumn, spring or summer.'),
    ('row_year_group', 'year_group', 'The year group is blank or not one of N1, N2, R, 1 to 14.'),
    ('row_subject', 'subject', 'The subject is blank or not one that the settings name.'),
    ('row_scale', 'scale', 'The scale is blank or not one that is known.'),
    ('row_pupil', 'upn', 'There is neither a UPN in the right format nor an admission number.'),
    ('row_shared_upn', 'upn', 'Two pupils with different dates of birth, and other admission numbers or names, have this UPN in one file.'),
    ('row_ambiguous_pupil', 'admission_number', 'There is no UPN, and the admission number is that of two pupils.')
) as r (rule_code, column_name, reason)
  on r.rule_code = t.rule_code;
