"""Risks of a term's pupils, and how those of last year came true, into `progress.*`.

Only where the setting `[risk] shown` asks for it: else the tables are empty and it costs nothing.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.calendar import TERMS, Term
from pipeline.settings import Settings
from pipeline.warehouse.models import run_models
from pipeline.warehouse.query import registered
from pipeline.warehouse.tables import create_table, tables

if TYPE_CHECKING:
    from pipeline.progress.risk import Risk

HERE = Path(__file__).parent
HISTORY = HERE / "risk" / "history.sql"
UNDER_LINE = HERE / "models" / "classes" / "28_result_under_line.temp.view.sql"
MODELS = HERE / "risk" / "models"


def tell_risks(con: duckdb.DuckDBPyConnection, settings: Settings, term: Term | None) -> int:
    """Make `progress.risk` and `progress.risk_calibration` anew. Returns the rows written.

    The calibration is that of the pupils of the same term a year before, each told by other
    schools' pupils.
    """
    if not (settings.risk.shown and term):
        for name in ("progress.risk", "progress.risk_calibration"):
            create_table(con, tables()[name])
        return 0
    from pipeline.progress.risk import cross_validated_risks, risks

    how = how_risk_is_told(settings)
    history = HISTORY.read_text(encoding="utf-8")
    results = con.sql(history, params={"term_no": term.term_no}).to_arrow_table()
    tested = cross_validated_risks(results, term.term_no - len(TERMS), how)
    given = {
        "told_risk": risks(results, term.term_no, how),
        "tested_risk": tested,
        "risk_by_chance": _by_chance(tested),
    }
    for name, rows in given.items():
        with registered(con, "given_rows", rows):
            con.execute(f"create or replace temp table {name} as from given_rows")
    con.execute(
        f"create or replace temp view result_under_line as {UNDER_LINE.read_text(encoding='utf-8')}"
    )
    written = run_models(con, MODELS)
    con.execute("drop view result_under_line")
    for name in given:
        con.execute(f"drop table {name}")
    return written


def how_risk_is_told(settings: Settings) -> "Risk":
    """The limits that the settings give."""
    from pipeline.progress.risk import Risk

    return Risk(least_pupils=settings.risk.least_pupils, least_each=settings.risk.least_each)


def _by_chance(tested: Any) -> Any:
    """The calibration error that true risks would show by chance, by subject and year group."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from pipeline.progress.risk import error_by_chance

    known = tested.filter(pc.is_valid(tested["risk"]))
    groups = known.group_by(["subject", "year_group"]).aggregate([("risk", "list")])
    return pa.table(
        {
            "subject": pa.array(groups["subject"].to_pylist(), pa.string()),
            "year_group": pa.array(groups["year_group"].to_pylist(), pa.string()),
            "error_by_chance": pa.array(
                [error_by_chance(r.values.to_numpy()) for r in groups["risk_list"]], pa.float64()
            ),
        }
    )
