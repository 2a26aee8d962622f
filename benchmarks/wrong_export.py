"""The national export with errors: in each column that the peer can check, in one row of fifty."""

from pathlib import Path

import duckdb

WRONG = """
copy (
  select * replace (
    case
      when one_of_fifty(upn, 1) then null
      when one_of_fifty(upn, 2) then substr(upn, 1, 12)
      else upn
    end as upn,
    case when one_of_fifty(upn, 3) then null else date_of_birth end as date_of_birth,
    case when one_of_fifty(upn, 4) then null else sex end as sex,
    case when one_of_fifty(upn, 5) then null else class_name end as class_name,
    case when one_of_fifty(upn, 6) then 'Q' else sen end as sen,
    case when one_of_fifty(upn || subject, 7) then '33' else year_group end as year_group,
    case when one_of_fifty(upn || subject, 8) then 'Michaelmas' else term end as term,
    case when one_of_fifty(upn || subject, 9) then 'phonics' else subject end as subject,
    case
      when one_of_fifty(upn || subject, 10) then 'EXP'
      when one_of_fifty(upn || subject, 11) then null
      else outcome
    end as outcome
  )
  from sent
  union all
  select * replace (case outcome when 'EXS' then 'WTS' else 'EXS' end as outcome)
  from sent
  where one_of_fifty(upn || subject, 12)
) to '{to}' (format csv, header)
"""


def make_wrong(export: Path, to: Path) -> None:
    """Write the export to another file, with errors in it; the last are rows told twice."""
    con = duckdb.connect()
    try:
        con.execute("create macro one_of_fifty(x, seed) as hash(x, seed) % 50 = 0")
        con.read_csv(str(export), all_varchar=True).create_view("sent")
        con.execute(WRONG.format(to=str(to).replace("'", "''")))
    finally:
        con.close()
