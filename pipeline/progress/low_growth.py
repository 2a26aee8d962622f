"""Low growth, which supports another reason: `progress.growth` and its flags, for one term.

For the term of the run only: it takes longer than all other reasons together, and supports what is
acted on now.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.calendar import Term
from pipeline.settings import Settings
from pipeline.warehouse.models import run_models
from pipeline.warehouse.query import first_value, registered
from pipeline.warehouse.tables import create_table, tables

if TYPE_CHECKING:
    from pipeline.progress.growth import Growth

QUERIES = Path(__file__).parent / "queries"
SUPPORT = Path(__file__).parent / "support"
MIDDLE = 50
# More pupils make the lines no straighter: with so many, chance moves the tenth percentile by 0.7.
MOST_PUPILS = 2_000


def flag_low_growth(con: duckdb.DuckDBPyConnection, settings: Settings, term: Term | None) -> int:
    """Write `progress.growth` anew, and a flag for each of its rows. Returns the rows written.

    Low is a percentile under the setting `low_growth_under` whose whole 95 % interval, from error
    in the scores, is under 50. It is nobody's without a known error, or where fewer pupils than
    `growth_minimum_pupils` make the norm.
    """
    growth = tables()["progress.growth"]
    create_table(con, growth)
    con.execute("delete from progress.flag where reason = 'low_growth'")
    if term is None or not settings.low_growth_under:
        return 0
    given = {"term_no": term.term_no, "least_pupils": settings.growth_minimum_pupils}
    rows = 0
    # The scores of one year group are read while those of the one before are worked on.
    with ThreadPoolExecutor(1) as worker:
        waiting: list[tuple[str, Future[Any]]] = []
        for subject, series_no, year_group in con.execute(
            _query("growth_cohorts"), given
        ).fetchall():
            of_whom = {"subject": subject, "series_no": series_no, "year_group": year_group}
            given_whom = {"term_no": term.term_no, **of_whom}
            scores = con.sql(_query("growth_scores"), params=given_whom).to_arrow_table()
            while waiting:
                rows += _write(con, term, *waiting.pop())
            waiting.append((subject, worker.submit(_low, scores, settings, term)))
        while waiting:
            rows += _write(con, term, *waiting.pop())
    if rows:
        run_models(con, SUPPORT)
    return 2 * rows


def _write(con: duckdb.DuckDBPyConnection, term: Term, subject: str, low: "Future[Any]") -> int:
    """Write the rows of a year group. Returns how many."""
    with registered(con, "low_growth", low.result()):
        written: int = first_value(
            con,
            "insert into progress.growth by name select pupil_id, $academic_year as "
            "academic_year, $term as term, $term_no as term_no, $subject as subject, "
            "percentile, lower as lowest, upper as highest, pupils as norm_pupils, "
            "priors from low_growth",
            {
                "academic_year": term.academic_year,
                "term": term.term,
                "term_no": term.term_no,
                "subject": subject,
            },
        )
    return written


def _low(scores: Any, settings: Settings, term: Term) -> Any:
    """The answers of the growth interface for whom growth is low."""
    import pyarrow.compute as pc

    from pipeline.progress.growth import growth_percentiles

    errors = scores.group_by(["year", "year_group"]).aggregate([("standard_error", "max")])
    largest = {
        (row["year"], row["year_group"]): row["standard_error_max"] for row in errors.to_pylist()
    }
    found = growth_percentiles(scores, term.term_no, _how(settings), largest)
    is_low = pc.and_(
        pc.less(found["percentile"], settings.low_growth_under), pc.less(found["upper"], MIDDLE)
    )
    return found.filter(is_low)


def _how(settings: Settings) -> "Growth":
    """Only percentiles that decide are fitted: those up to the setting, a few to the middle."""
    from pipeline.progress.growth import Growth

    low = settings.low_growth_under
    fitted = sorted({*range(1, low + 1), *range(5, MIDDLE + 1, 5)})
    least = settings.growth_minimum_pupils
    return Growth(
        least_pupils=least,
        most_pupils=max(MOST_PUPILS, least),
        fitted=tuple(fitted),
        interval_under=max(low, 2),
    )


def _query(name: str) -> str:
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
