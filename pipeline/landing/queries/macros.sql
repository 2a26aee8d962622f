-- how values are read; each gives null where the text is blank or not understood
-- No macro holds a select: DuckDB would make a join over the whole row of each.
create or replace temp macro text_of(t) as
  nullif(trim(case
    when contains(t, chr(160)) or contains(t, chr(9))
    then replace(replace(t, chr(160), ' '), chr(9), ' ')
    else t
  end), '');

-- words as layouts compare them, with and without the spaces between
create or replace temp macro word_key_of(t) as
  trim(regexp_replace(lower(strip_accents(t)), '[^a-z0-9%]+', ' ', 'g'));
create or replace temp macro key_of(t) as
  regexp_replace(lower(strip_accents(t)), '[^a-z0-9%]+', '', 'g');

-- those below read a text without blanks around it
-- a number of five digits is the day that a spreadsheet counts from 30 December 1899
create or replace temp macro any_date_of(t) as case
  when length(t) = 10 and substr(t, 5, 1) = '-' then try_cast(t as date)
  when regexp_matches(t, '^[2-5][0-9]{4}(\.0+)?$')
    then date '1899-12-30' + cast(left(t, 5) as integer)
  else cast(try_strptime(
    t,
    [
      '%d/%m/%Y', '%Y-%m-%d', '%Y-%m-%d %H:%M:%S', '%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M',
      '%d-%m-%Y', '%d.%m.%Y', '%d %b %Y', '%d %B %Y', '%d-%b-%Y'
    ]
  ) as date)
end;
create or replace temp macro date_of(t) as case
  when any_date_of(t) >= date '1900-01-01' then any_date_of(t)
end;
create or replace temp macro yes_no(t) as case upper(t)
  when 'Y' then true when 'N' then false
  when 'YES' then true when 'NO' then false
  when 'T' then true when 'F' then false
  when 'TRUE' then true when 'FALSE' then false
  when '1' then true when '0' then false
  when '1.0' then true when '0.0' then false
  else case
    when regexp_matches(upper(t), '^(Y|YES) ?[-(:]') then true
    when regexp_matches(upper(t), '^(N|NO) ?[-(:]') then false
  end
end;
create or replace temp macro bare_year_group(t) as case
  when length(t) = 1 then upper(t)
  else regexp_replace(
    regexp_replace(upper(replace(t, ' ', '')), '^(YEARGROUP|YEAR|YRGRP|YR|Y)(.)', '\2'),
    '\.0+$',
    ''
  )
end;
-- from what `bare_year_group` gives
create or replace temp macro year_group_of(y) as case
  when y in ('R', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'N1', 'N2') then y
  when y in ('RECEPTION', '0') then 'R'
  when y in ('NURSERY1', 'NURSERY2') then 'N' || right(y, 1)
  when regexp_matches(y, '^0[1-9]$|^1[0-4]$') then cast(cast(y as integer) as varchar)
end;
create or replace temp macro starting_year_of(t) as case
  when regexp_matches(t, '^[12][0-9]{3}[-/]([12][0-9]{3}|[0-9]{2})$')
    and cast(right(t, 2) as integer) = (cast(left(t, 4) as integer) + 1) % 100
  then cast(left(t, 4) as integer)
end;
create or replace temp macro school_number_of(t) as case
  when regexp_matches(t, '^[1-9][0-9]{5,6}$') then cast(t as integer)
  when regexp_matches(replace(replace(t, '/', ''), ' ', ''), '^[1-9][0-9]{5,6}$')
  then cast(replace(replace(t, '/', ''), ' ', '') as integer)
end;
-- few words come before ':', which follows the digits; the others need no closer look
create or replace temp macro number_of(t) as case
  when t < ':' and regexp_matches(t, '^[0-9]{1,6}(\.[0-9]{1,6})?\*?$')
    then cast(case when ends_with(t, '*') then rtrim(t, '*') else t end as double)
end;
