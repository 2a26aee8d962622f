-- one row is a correction as corrections.toml gives it, by its number there
create or replace temp table given_correction (
  number integer,
  correction_key varchar,
  school integer,
  pupil varchar,
  upn varchar,
  academic_year varchar,
  term varchar,
  subject varchar,
  assessment varchar,
  "column" varchar,
  expect varchar,
  value varchar
);
