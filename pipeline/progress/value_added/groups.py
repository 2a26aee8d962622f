"""Prior attainment groups: a national table that the user supplies, or the pupils at hand."""

import csv
import io
import math
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import SettingsWrong
from pipeline.progress.value_added.ask import ask, need_columns

COLUMNS = ("academic_year", "subject", "group_no", "from_points", "mean_score")


def read_groups(path: Path) -> Any:
    """A table of groups from CSV, as an Arrow table with `basis` "national".

    Columns `academic_year`, `subject`, `group_no` (1, 2, … upwards within a year and subject),
    `from_points` (the lowest average points in the group) and `mean_score` (the mean key stage 2
    score of all pupils of the country in it); optional `pupils`.

    Raises SettingsWrong naming every wrong line.
    """
    import pyarrow as pa

    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        raise SettingsWrong(f"{path.name}: cannot be read. Expected a file at this path.") from None
    except UnicodeDecodeError:
        raise SettingsWrong(f"{path.name}: not UTF-8 text. Save it as CSV UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
    if missing:
        raise SettingsWrong(
            f"{path.name}, line 1: no column {', '.join(map(repr, missing))}. Expected "
            f"{', '.join(COLUMNS)} and, if wanted, pupils."
        )
    rows: list[dict[str, Any]] = []
    wrong = []
    before: dict[tuple[str, str], dict[str, Any]] = {}
    for line in reader:
        row, said = _row(line)
        key = (row["academic_year"], row["subject"])
        said += _follows(row, before.get(key)) if not said else []
        wrong += [f"line {reader.line_num}: {s}" for s in said]
        before[key] = row
        rows.append(row)
    if not rows:
        wrong.append("no line below the headings")
    if wrong:
        raise SettingsWrong(f"{path.name}: {'; '.join(wrong)}. Correct the file and run again.")
    return pa.Table.from_pylist([r | {"basis": "national"} for r in rows], _schema())


def _schema() -> Any:
    import pyarrow as pa

    return pa.schema(
        [
            *((name, pa.string()) for name in ("academic_year", "subject")),
            ("group_no", pa.int64()),
            ("from_points", pa.float64()),
            ("mean_score", pa.float64()),
            ("pupils", pa.int64()),
            ("basis", pa.string()),
        ]
    )


def _row(line: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A line as values, and what is wrong with it."""
    row: dict[str, Any] = {c: (line.get(c) or "").strip() for c in (*COLUMNS, "pupils")}
    said = [f"'{c}' is blank" for c in ("academic_year", "subject") if not row[c]]
    for column in ("group_no", "from_points", "mean_score", "pupils"):
        whole = column in ("group_no", "pupils")
        try:
            number: float | None = float(row[column]) if row[column] else None
        except ValueError:
            number = math.nan
        if number is None and column == "pupils":
            row[column] = None
        elif number is None or not math.isfinite(number) or (whole and number != int(number)):
            said.append(f"'{column}' is not a {'whole ' if whole else ''}number")
        elif number < 0:
            said.append(f"'{column}' is under 0")
        else:
            row[column] = int(number) if whole else number
    return row, said


def _follows(row: dict[str, Any], before: dict[str, Any] | None) -> list[str]:
    """What is wrong with a group after the one before it in its year and subject."""
    if before is None:
        return [] if row["group_no"] == 1 else ["the first group of a year and subject is not 1"]
    said = []
    if row["group_no"] != before["group_no"] + 1:
        said.append(f"group {row['group_no']} follows group {before['group_no']}")
    if not row["from_points"] > before["from_points"]:
        said.append(f"'from_points' does not stand above that of group {before['group_no']}")
    return said


COHORT = """
-- One row is a subject's prior attainment group: pupils with the same points share one.
with
  pupil as (
    select
      s.subject,
      s.score,
      p.average_points,
      rank() over (partition by s.subject order by p.average_points) - 1 as pupils_below,
      count(*) over (partition by s.subject) as pupils
    from scores as s
    join prior as p
      on p.pupil_id = s.pupil_id
    where s.score is not null
      and p.average_points is not null
  ),
  placed as (
    select
      *,
      floor(pupils_below * greatest(1, floor(pupils / {least})) / pupils) as place
    from pupil
  ),
  grouped as (
    select
      subject,
      place,
      min(average_points) as from_points,
      avg(score) as mean_score,
      count(*) as pupils
    from placed
    group by
      subject,
      place
  )
select
  cast('{academic_year}' as varchar) as academic_year,
  subject,
  row_number() over (partition by subject order by place) as group_no,
  from_points,
  case when pupils >= {least} then mean_score end as mean_score,
  pupils,
  'cohort' as basis
from grouped
order by
  subject,
  group_no
"""


def cohort_groups(
    con: duckdb.DuckDBPyConnection,
    scores: Any,
    prior: Any,
    academic_year: str,
    least_pupils: int = 30,
) -> Any:
    """Groups of about `least_pupils` and more, in order of points, from the pupils themselves.

    `scores` as from `key_stage_2_scores`, `prior` as from `average_points`. A group that has come
    out smaller (many pupils with the same points stand beside it) has no mean.
    """
    need_columns("scores", scores, "pupil_id", "subject", "score")
    need_columns("prior", prior, "pupil_id", "average_points")
    sql = COHORT.format(least=int(least_pupils), academic_year=academic_year.replace("'", "''"))
    return ask(con, sql, scores=scores, prior=prior)
