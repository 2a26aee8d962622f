"""Stage 3, flag: `progress.*` from `core.*` and `reference.*`, in one transaction."""

from pathlib import Path

import duckdb

from pipeline.calendar import Term
from pipeline.errors import Defect, SettingsWrong
from pipeline.programme import Programme
from pipeline.progress.low_growth import flag_low_growth
from pipeline.progress.norms import load_kept_norms
from pipeline.progress.term_risk import tell_risks
from pipeline.warehouse.connection import in_transaction
from pipeline.warehouse.models import run_models
from pipeline.warehouse.query import first_row, first_value

MODELS = Path(__file__).parent / "models"

# Nobody is lost: as many statuses as pupils on roll have subjects due, and one result decides each.
UNBALANCED = """
with
  due as (
    select count(*) as due
    from core.enrolment as e
    join reference.due as d
      on d.year_group = e.year_group
      and d.term = e.term
    where e.on_roll
  ),
  told as (select count(*) as statuses from progress.status),
  results as (select count(*) as results from core.result),
  compared as (select count(*) as attainments from progress.attainment),
  undecided as (
    select count(*) as undecided
    from (
      select 1
      from progress.attainment
      group by pupil_id, term_no, subject
      having count(*) filter (where decides) <> 1
    )
  ),
  doubled as (
    select count(*) as doubled
    from (
      select 1
      from progress.status
      group by pupil_id, term_no, subject
      having count(*) > 1
    )
  )
select
  due || ' due, ' || statuses || ' statuses, ' || doubled || ' doubled, ' || results
  || ' results, ' || attainments || ' compared, ' || undecided || ' undecided'
from due, told, doubled, results, compared, undecided
where due <> statuses
  or doubled > 0
  or results <> attainments
  or undecided > 0
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
    """Make every progress table anew. Returns the rows written.

    `term` is the one for which low growth and risks are worked out, by default the latest that
    schools sent.

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
    with in_transaction(con):
        rows = run_models(con, MODELS)
        flagged = term or default_term(con)
        rows += flag_low_growth(con, programme.settings, flagged)
        rows += tell_risks(con, programme.settings, flagged)
        wrong = first_value(con, UNBALANCED)
        if wrong:
            raise Defect(f"statuses do not add up: {wrong}. Nothing was changed.")
    return rows


def default_term(con: duckdb.DuckDBPyConnection) -> Term | None:
    """The latest term for which more than half of the schools have sent results; None without any.

    A school has sent a term when it has results for a quarter as many pupils as in its fullest
    term: a few rows with a wrong term are not a term. Where no term has that many schools, the
    latest that any school has sent.
    """
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
