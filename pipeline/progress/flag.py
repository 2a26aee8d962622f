"""Stage 3, flag: `progress.*` from `core.*` and `reference.*`, in one transaction."""

from pathlib import Path

import duckdb

from pipeline.calendar import Term
from pipeline.errors import Defect, SettingsWrong
from pipeline.programme import Programme
from pipeline.progress.changed import changed_terms, remember_terms
from pipeline.progress.low_growth import low_growth
from pipeline.progress.norms import load_kept_norms
from pipeline.progress.term_risk import tell_risks
from pipeline.warehouse.connection import for_loading, in_transaction
from pipeline.warehouse.models import make_temp_views, models_run, run_models, tables_of
from pipeline.warehouse.query import first_row, first_value
from pipeline.warehouse.tables import create_table

HERE = Path(__file__).parent
# What is made once for the terms; pupil by pupil; and of whole classes, from the statuses.
OF_TERMS, OF_PUPILS, OF_CLASSES = (HERE / "models" / of for of in ("terms", "pupils", "classes"))
# What is told of them all, and kept nowhere.
VIEWS = HERE / "models" / "views"
# So many results at most are looked at together, so that memory does not grow with the country.
MOST_TOGETHER = 4_500_000
MEASURES = HERE / "queries" / "measures.sql"
UNBALANCED = HERE / "queries" / "unbalanced.sql"

PART = (
    "term_no between getvariable('first_term_no') and getvariable('last_term_no') "
    "and pupil_id between getvariable('first_pupil_id') and getvariable('last_pupil_id')"
)
SIZE = """
select count(*), min(pupil_id), max(pupil_id)
from (
  select pupil_id from core.result where term_no >= $first_term_no
  union all
  select pupil_id from core.enrolment where term_no >= $first_term_no
)
"""
UNKNOWN_SCALE = """
select r.scale, count(*)
from core.result as r
left join reference.scale as s
  on s.scale = r.scale
where s.scale is null
group by r.scale
order by r.scale
limit 1
"""


def flag(con: duckdb.DuckDBPyConnection, programme: Programme, term: Term | None = None) -> int:
    """Bring every progress table up to date. Returns the rows written.

    Statuses are made anew from the first term on in which anything has changed. `term` is the one
    for which low growth and risks are worked out, by default the latest that schools sent.

    Raises SettingsWrong where results are on a scale that is no longer described, Defect where
    pupils due and statuses do not agree.
    """
    missing = first_row(con, UNKNOWN_SCALE)
    if missing:
        raise SettingsWrong(
            f"scales/{missing[0]}.toml: not there, but {missing[1]:,} results are on this scale. "
            f"Expected the file that was there when they were read. Put it back and run again."
        )
    load_kept_norms(con, programme)
    with for_loading(con), in_transaction(con):
        flagged = term or default_term(con)
        rows, terms = _flag_pupils(con)
        with low_growth(con, programme.settings, flagged) as write_growth:
            rows += _flag_classes(con, terms)
            rows += write_growth()
        rows += tell_risks(con, programme.settings, flagged)
    return rows


def make_progress_views(con: duckdb.DuckDBPyConnection, pupil_id: int) -> None:
    """Make the views from which a pupil's progress is told; they last as the connection."""
    con.execute(MEASURES.read_text(encoding="utf-8"))
    _set(con, first_pupil_id=pupil_id, last_pupil_id=pupil_id)
    con.execute(
        "create or replace temp table closer_look as "
        "select distinct pupil_id, subject from progress.attainment where pupil_id = ?",
        [pupil_id],
    )
    for folder in (OF_TERMS, OF_PUPILS):
        make_temp_views(con, folder)


def _flag_pupils(con: duckdb.DuckDBPyConnection) -> tuple[int, list[tuple[int, int]]]:
    """Statuses of the terms that have to be flagged anew. Returns the rows written, and those terms
    as ranges that are looked at together.
    """
    con.execute(MEASURES.read_text(encoding="utf-8"))
    run_models(con, VIEWS)
    first, all_terms, last = changed_terms(con)
    if first is None:
        return 0, []
    _make_room(con, first, all_terms)
    ((size, first_pupil, last_pupil),) = con.execute(SIZE, {"first_term_no": first}).fetchall()
    _set(con, first_term_no=first, last_term_no=last)
    with models_run(con, OF_TERMS, anew=False) as rows:
        unbalanced = UNBALANCED.read_text(encoding="utf-8").format(part=PART)
        for pupils in _parts(first_pupil or 0, last_pupil or 0, -(-size // MOST_TOGETHER)):
            _set(con, first_pupil_id=pupils[0], last_pupil_id=pupils[-1])
            with models_run(con, OF_PUPILS, anew=False) as written:
                rows += written
                wrong = first_value(con, unbalanced)
            if wrong:
                raise Defect(f"statuses do not add up: {wrong}. Nothing was changed.")
    together = size <= MOST_TOGETHER
    return rows, [(first, last)] if together else [(t, t) for t in range(first, last + 1)]


def _flag_classes(con: duckdb.DuckDBPyConnection, terms: list[tuple[int, int]]) -> int:
    """What is told of whole classes, and the flags. Returns the rows written."""
    rows = 0
    for first, last in terms:
        _set(con, first_term_no=first, last_term_no=last)
        with models_run(con, OF_CLASSES, anew=False) as written:
            rows += written
    remember_terms(con)
    return rows


def _make_room(con: duckdb.DuckDBPyConnection, first: int, all_terms: bool) -> None:
    """Take out what is made anew."""
    for folder in (OF_TERMS, OF_PUPILS, OF_CLASSES):
        for table in tables_of(folder):
            if all_terms:
                create_table(con, table)
                continue
            of_term = "term_no >= ?"
            if "term_no" not in (c.name for c in table.columns):
                of_term = (
                    "(academic_year, term) in (select (academic_year, term) from reference.term "
                    f"where {of_term})"
                )
            con.execute(f"delete from {table.full_name} where {of_term}", [first])


def _parts(first: int, last: int, number: int) -> list[range]:
    """Numbers of pupils in as many ranges, none of them empty."""
    width = max(1, -(-(last - first + 1) // max(1, number)))
    return [range(at, min(at + width, last + 1)) for at in range(first, last + 1, width)]


def _set(con: duckdb.DuckDBPyConnection, **variables: int) -> None:
    for name, value in variables.items():
        con.execute(f"set variable {name} = {value}")


def default_term(con: duckdb.DuckDBPyConnection) -> Term | None:
    """The latest term for which more than half of the schools have sent results; None without any.

    A school has sent a term when it has results for a quarter as many pupils as in its fullest
    term: a few rows with a wrong term are not a term. Where no term has that many schools, the
    latest that any school has sent. Where there is one term alone, pupils need not be counted.
    """
    ends = first_row(con, "select min(term_no), max(term_no) from core.result")
    if ends and ends[0] == ends[1]:
        return None if ends[0] is None else Term(ends[0])
    number = first_value(
        con,
        "with pupils as (select school_id, term_no, count(distinct pupil_id) as pupils "
        "from core.result group by school_id, term_no), full_terms as (select *, "
        "pupils * 4 >= max(pupils) over (partition by school_id) as is_sent from pupils), "
        "sent as (select term_no, count(*) as schools from full_terms where is_sent "
        "group by term_no), every as (select count(*) as schools from core.school) "
        "select sent.term_no from sent, every "
        "order by sent.schools * 2 > every.schools desc, sent.term_no desc limit 1",
    )
    return None if number is None else Term(number)
