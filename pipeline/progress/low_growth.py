"""Low growth, which supports another reason: `progress.growth` and its flags, for one term.

For the term of the run only, for it supports what is acted on now.
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
SCORES = ("score", "score_1", "score_2", "score_3")
ANSWERS = ("percentile", "lower", "upper", "priors", "pupils")
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
    least = {"least_pupils": settings.growth_minimum_pupils}
    rows = 0
    # The scores of one year group are read while those of the one before are worked on.
    with ThreadPoolExecutor(1) as worker:
        waiting: list[tuple[str, Future[Any]]] = []
        of_term = {"term_no": term.term_no}
        for subject, series_no in con.execute(_query("growth_series"), of_term | least).fetchall():
            series = {"subject": subject, "series_no": series_no}
            con.execute(_query("growth_scores"), of_term | series)
            for place, *errors in con.execute(_query("growth_cohorts"), least).fetchall():
                scores = con.sql(_query("growth_cohort"), params={"place": place}).to_arrow_table()
                while waiting:
                    rows += _write(con, term, *waiting.pop())
                low = worker.submit(_low, scores, errors, place, settings, term)
                waiting.append((subject, low))
        while waiting:
            rows += _write(con, term, *waiting.pop())
    con.execute("drop table if exists growth_score")
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


def _low(
    scores: Any, errors: list[float | None], place: int, settings: Settings, term: Term
) -> Any:
    """The answers of the growth interface for whom growth is low."""
    import numpy as np
    import pyarrow as pa

    from pipeline.progress.growth import Cohort, cohort_percentiles

    number = np.arange(scores.num_rows)
    score, *earlier = (scores.column(name).to_numpy() for name in SCORES)
    cohort = Cohort(
        year=term.term_no,
        year_group=place,
        rows=number,
        scores=score,
        priors=np.array(earlier).T,
        asked=scores.column("asked").to_numpy(),
    )
    known = {
        (term.term_no - k, place - k): error for k, error in enumerate(errors) if error is not None
    }
    found = cohort_percentiles(cohort, _how(settings), known)
    is_low = (found["percentile"] < settings.low_growth_under) & (found["upper"] < MIDDLE)
    low = {name: found[name][is_low] for name in ANSWERS}
    pupils = scores.column("pupil_id").take(pa.array(found["rows"][is_low]))
    return pa.table({"pupil_id": pupils} | low)


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
