-- how values are read; each gives null where the text is blank or not understood
create or replace temp macro text_of(t) as
  nullif(trim(replace(replace(t, chr(160), ' '), chr(9), ' ')), '');
-- words as layouts compare them, with and without the spaces between
create or replace temp macro word_key_of(t) as
  trim(regexp_replace(lower(strip_accents(t)), '[^a-z0-9%]+', ' ', 'g'));
create or replace temp macro key_of(t) as
  regexp_replace(lower(strip_accents(t)), '[^a-z0-9%]+', '', 'g');
-- a number of five digits is the day that a spreadsheet counts from 30 December 1899
create or replace temp macro date_of(t) as (
  select case when d >= date '1900-01-01' then d end
  from (
    select case
      when regexp_matches(text_of(t), '^[2-5][0-9]{4}(\.0+)?$')
      then date '1899-12-30' + cast(left(text_of(t), 5) as integer)
      else cast(try_strptime(
      text_of(t),
      [
        '%Y-%m-%d', '%d/%m/%Y', '%Y-%m-%d %H:%M:%S', '%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M',
        '%d-%m-%Y', '%d.%m.%Y', '%d %b %Y', '%d %B %Y', '%d-%b-%Y'
      ]
    ) as date) end as d
  )
);
create or replace temp macro yes_no(t) as case
  when upper(text_of(t)) in ('Y', 'YES', 'T', 'TRUE', '1', '1.0') then true
  when upper(text_of(t)) in ('N', 'NO', 'F', 'FALSE', '0', '0.0') then false
  when regexp_matches(upper(text_of(t)), '^(Y|YES) ?[-(:]') then true
  when regexp_matches(upper(text_of(t)), '^(N|NO) ?[-(:]') then false
end;
create or replace temp macro code_in(t, codes) as case
  when list_contains(codes, upper(text_of(t))) then upper(text_of(t))
end;
create or replace temp macro year_group_of(t) as (
  select case
    when y in ('N1', 'N2', 'R') then y
    when y in ('RECEPTION', '0') then 'R'
    when y in ('NURSERY1', 'NURSERY2') then 'N' || right(y, 1)
    when regexp_matches(y, '^0?[1-9]$|^1[0-4]$') then cast(cast(y as integer) as varchar)
  end
  from (
    select regexp_replace(
      regexp_replace(upper(replace(text_of(t), ' ', '')), '^(YEARGROUP|YEAR|YRGRP|YR|Y)', ''),
      '\.0+$',
      ''
    ) as y
  )
);
create or replace temp macro starting_year_of(t) as case
  when regexp_matches(text_of(t), '^[12][0-9]{3}[-/]([12][0-9]{3}|[0-9]{2})$')
    and cast(right(text_of(t), 2) as integer) = (cast(left(text_of(t), 4) as integer) + 1) % 100
  then cast(left(text_of(t), 4) as integer)
end;
create or replace temp macro school_number_of(t) as case
  when regexp_matches(replace(replace(text_of(t), '/', ''), ' ', ''), '^[1-9][0-9]{5,6}$')
  then cast(replace(replace(text_of(t), '/', ''), ' ', '') as integer)
end;
create or replace temp macro number_of(t) as case
  when regexp_matches(text_of(t), '^[0-9]{1,6}(\.[0-9]{1,6})?\*?$')
  then cast(rtrim(text_of(t), '*') as double)
end;
