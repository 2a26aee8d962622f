"""Every status and reason of a term of many schools, with three earlier terms in the warehouse.

`python -m benchmarks.statuses FOLDER SCHOOLS` makes the warehouse with the earlier terms, and with
`last` behind it adds the last: what ingests would have made of invented results, written by SQL
because four of a whole country take ten minutes. Each pupil has a level of their own; results
scatter around it as tests and judgements do.

Timed is `achievement flag` of the last term, the earlier ones having been flagged when they came;
and the same with every term to be flagged anew, as after a change of the settings.
"""

import shutil
import sys
from pathlib import Path

import duckdb

from benchmarks.measure import measure
from benchmarks.national import SCHOOLS, SUBJECTS, pupils_in
from pipeline.calendar import Term
from pipeline.programme import Programme
from pipeline.reference import load_reference
from pipeline.warehouse.connection import for_loading, open_warehouse

TERMS = ("2024-25-autumn", "2024-25-spring", "2024-25-summer", "2025-26-autumn")
CURVE = (100, 1_000, SCHOOLS)
# What DuckDB may use, so that the whole process stays under 6 GB.
MEMORY = "4.5GB"
# Maths is a test with a known error, reading and writing are judged by teachers.
SETTINGS = f"""memory_limit = "{MEMORY}"

[[paper]]
scale = "standardised"
assessment = "Invented test"
reliability = 0.9
"""
FIRST_SCHOOL = 900_001
DICE = "create temp macro dice(x, seed) as (hash(x, seed) % 1000 + 0.5) / 1000"
PUPILS = """
create temp table invented as
select
  range as pupil_id,
  $first_school + range * $schools // $pupils as school_id,
  cast(1 + hash(range, 1) % 6 as integer) as grade,
  normal_quantile(dice(range, 2)) as level
from range($pupils)
"""
SCHOOL = """
insert into core.school
select $first_school + range, $first_school + range, null, 'Invented ' || range
from range($schools)
"""
ENROLMENT = """
insert into core.enrolment by name
select
  i.pupil_id,
  i.school_id,
  t.academic_year,
  t.term,
  t.term_no,
  cast(i.pupil_id % 1000 as varchar) as admission_number,
  'Inventedname' as surname,
  'Nobody' as forename,
  cast(case when t.term_no = $last then i.grade else i.grade - 1 end as varchar) as year_group,
  i.grade || 'A' as class_name,
  'Whole school' as team,
  case when i.pupil_id % 2 = 0 then 'F' else 'M' end as sex,
  dice(i.pupil_id, 3) < 0.25 as pupil_premium,
  case when dice(i.pupil_id, 4) < 0.02 then 'own' end as expectation,
  true as from_roll,
  true as on_roll,
  1 as file_id,
  i.pupil_id + 2 as line,
  0 as item
from invented as i
join reference.term as t
  on t.term_no = $term_no
where i.grade > 1 or t.term_no = $last
"""
RESULT = """
insert into core.result by name
with scattered as (
  select
    i.pupil_id,
    i.school_id,
    s.subject,
    0.95 * i.level + 0.32 * normal_quantile(dice(3 * i.pupil_id + s.number, $term_no)) as shown
  from invented as i
  cross join (values (0, 'maths'), (1, 'reading'), (2, 'writing')) as s (number, subject)
  where i.grade > 1 or $term_no = $last
),
outcomes as (
  select
    *,
    case
      when dice(pupil_id, 10 * $term_no + length(subject)) < 0.02 then null
      when subject = 'maths' then cast(round(100 + 15 * shown) as integer)::varchar
      when shown < -1.2 then 'PK4'
      when shown < -0.5 then 'WTS'
      when shown < 0.9 then 'EXS'
      else 'GDS'
    end as outcome
  from scattered
)
select
  o.pupil_id,
  o.school_id,
  t.academic_year,
  t.term,
  t.term_no,
  o.subject,
  case when o.subject = 'maths' then 'standardised' else 'ta' end as scale,
  case when o.subject = 'maths' then 'test' else 'teacher' end as assessment_kind,
  case when o.subject = 'maths' then 'Invented test' else '' end as assessment,
  1 as attempt,
  o.outcome,
  o.outcome as outcome_as_sent,
  case when o.outcome is not null then true end as outcome_on_scale,
  case when o.outcome is null then 'absent' end as no_result_reason,
  2 as file_id,
  o.pupil_id + 2 as line,
  1 as item
from outcomes as o
join reference.term as t
  on t.term_no = $term_no
"""


def national(work: Path) -> list[tuple[str, str]]:
    """The rows of the part `statuses`."""
    found = []
    for schools in CURVE:
        folder = work / f"of-{schools}"
        made = ["-m", "benchmarks.statuses", str(folder), str(schools)]
        flag = ["-m", "pipeline", "flag", str(folder), "--term"]
        measure(made)
        measure([*flag, TERMS[-2]])
        measure([*made, "last"])
        last = measure([*flag, TERMS[-1]])
        with duckdb.connect(str(Programme(folder).warehouse)) as con:
            con.execute("update audit.flagged_term set made_from = 'other settings'")
        every = measure([*flag, TERMS[-1]])
        shutil.rmtree(folder)
        results = SUBJECTS * pupils_in(schools)
        found += [
            (
                f"{results:,} results of a term, three earlier terms: statuses and reasons",
                f"{last.seconds:.1f} s, {last.peak_mb:,.0f} MB; "
                f"{results / last.seconds:,.0f} results of the term a second",
            ),
            ("  of all four terms anew", f"{every.seconds:.1f} s, {every.peak_mb:,.0f} MB"),
        ]
    return found


def make(folder: Path, schools: int, terms: tuple[str, ...]) -> None:
    """Make a programme folder with the warehouse of so many schools, or add terms to it."""
    folder.mkdir(parents=True, exist_ok=True)
    programme = Programme(folder)
    programme.settings_file.write_text(SETTINGS, encoding="utf-8")
    programme.private.mkdir(mode=0o700, exist_ok=True)
    with open_warehouse(programme) as con, for_loading(con):
        load_reference(con, programme)
        size = {"schools": schools, "pupils": pupils_in(schools), "first_school": FIRST_SCHOOL}
        con.execute(DICE)
        _run(con, PUPILS, size)
        if TERMS[0] in terms:
            _run(con, SCHOOL, size)
        last = Term.from_label(TERMS[-1]).term_no
        for term in terms:
            of_term = {"term_no": Term.from_label(term).term_no, "last": last}
            _run(con, ENROLMENT, of_term)
            _run(con, RESULT, of_term)


def _run(con: duckdb.DuckDBPyConnection, sql: str, values: dict[str, int]) -> None:
    con.execute(sql, {name: value for name, value in values.items() if f"${name}" in sql})


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), TERMS[-1:] if "last" in sys.argv else TERMS[:-1])
