"""Low growth, which supports another reason: `progress.growth` and its flags, for one term.

For the term of the run only, for it supports what is acted on now.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
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
# So many pupils' scores at most are held, about, while the worker is busy with others.
MOST_AHEAD = 5_000_000


@dataclass(frozen=True)
class _Asked:
    """A year group of a series: its place in the course of school, the scores of its pupils as an
    Arrow table, and the largest error of each term's test."""

    term: Term
    subject: str
    place: int
    scores: Any
    errors: list[float | None]


@contextmanager
def low_growth(
    con: duckdb.DuckDBPyConnection, settings: Settings, term: Term | None
) -> Iterator[Callable[[], int]]:
    """Work low growth out from the statuses, while the database is asked for something else.

    Yields what writes `progress.growth` anew, and a flag for each of its rows, and returns the rows
    written; it is called when the other flags stand. Low is a percentile under the setting
    `low_growth_under` whose whole 95 % interval, from error in the scores, is under 50. It is
    nobody's without a known error, or where fewer pupils than `growth_minimum_pupils` make the
    norm.
    """
    cohorts = _cohorts(con, settings, term) if term and settings.low_growth_under else iter(())
    waiting: deque[tuple[_Asked, Future[Any]]] = deque()
    with ThreadPoolExecutor(1) as worker:

        def work_on_next() -> int:
            """Hand the next year group to the worker. Returns its pupils, 0 without another."""
            for cohort in cohorts:
                waiting.append((cohort, worker.submit(_low, cohort, settings)))
                return int(cohort.scores.num_rows)
            return 0

        def write() -> int:
            create_table(con, tables()["progress.growth"])
            con.execute("delete from progress.flag where reason = 'low_growth'")
            rows = 0
            while waiting:
                work_on_next()
                rows += _write(con, *waiting.popleft())
            con.execute("drop table if exists growth_score")
            if rows:
                run_models(con, SUPPORT)
            return 2 * rows

        try:
            ahead = 0
            while ahead < MOST_AHEAD and (pupils := work_on_next()):
                ahead += pupils
            yield write
        finally:
            worker.shutdown(cancel_futures=True)


def _cohorts(con: duckdb.DuckDBPyConnection, settings: Settings, term: Term) -> Iterator[_Asked]:
    """The year groups of each series that are large enough."""
    least = {"least_pupils": settings.growth_minimum_pupils}
    of_term = {"term_no": term.term_no}
    for subject, series_no in con.execute(_query("growth_series"), of_term | least).fetchall():
        series = {"subject": subject, "series_no": series_no}
        con.execute(_query("growth_scores"), of_term | series)
        for place, *errors in con.execute(_query("growth_cohorts"), least).fetchall():
            scores = con.sql(_query("growth_cohort"), params={"place": place}).to_arrow_table()
            yield _Asked(term, subject, place, scores, errors)


def _write(con: duckdb.DuckDBPyConnection, asked: _Asked, low: "Future[Any]") -> int:
    """Write the rows of a year group. Returns how many."""
    with registered(con, "low_growth", low.result()):
        written: int = first_value(
            con,
            "insert into progress.growth by name select pupil_id, $academic_year as "
            "academic_year, $term as term, $term_no as term_no, $subject as subject, "
            "percentile, lower as lowest, upper as highest, pupils as norm_pupils, "
            "priors from low_growth",
            {
                "academic_year": asked.term.academic_year,
                "term": asked.term.term,
                "term_no": asked.term.term_no,
                "subject": asked.subject,
            },
        )
    return written


def _low(asked: _Asked, settings: Settings) -> Any:
    """The answers of the growth interface for whom growth is low."""
    import numpy as np
    import pyarrow as pa

    from pipeline.progress.growth import Cohort, cohort_percentiles

    year, place, scores = asked.term.term_no, asked.place, asked.scores
    score, *earlier = (scores.column(name).to_numpy() for name in SCORES)
    cohort = Cohort(
        year=year,
        year_group=place,
        rows=np.arange(scores.num_rows),
        scores=score,
        priors=np.array(earlier).T,
        asked=scores.column("asked").to_numpy(),
    )
    known = {
        (year - k, place - k): error for k, error in enumerate(asked.errors) if error is not None
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
