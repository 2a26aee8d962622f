-- tables of one ingest, kept from portion to portion of what is staged
-- rows, or results of rows, that cannot be loaded, and the rule that each breaks
create or replace temp table wrong (
  file_id integer,
  line bigint,
  item integer,
  rule_code varchar,
  upn varchar,
  admission_number varchar,
  school_id integer,
  term_no integer
);

-- what was sent in them
create or replace temp table wrong_row as
from {staged}
limit 0;

-- a fingerprint of all that a row says, by which a row that comes again is found
create or replace temp table row_content (
  file_id integer,
  line bigint,
  item integer,
  content ubigint
);

-- dates with strokes in a column of a file, and those that are month/day/year
create or replace temp table stroke_date (
  file_id integer,
  column_name varchar,
  rows_month_first bigint,
  first_line bigint,
  rows_with_strokes bigint
);
