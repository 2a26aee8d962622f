"""The risk of being below at the next summer: the interface for analysts and for the pipeline."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.errors import WrongUsage
from pipeline.progress.risk.folds import school_folds
from pipeline.progress.risk.history import TERMS_A_YEAR, History, Pupils, next_summer
from pipeline.progress.risk.model import Model
from pipeline.progress.risk.standard import Array
from pipeline.warehouse.words import as_texts

# Reasons for which a pupil has no risk.
NO_RESULT, TOO_FEW = "no_result", "too_few_pupils"


@dataclass(frozen=True)
class Risk:
    """How risk is worked out; the defaults are those of the documentation.

    `years_back`: how old earlier results may be. A model is made of at least `least_pupils` earlier
    pupils whose next summer is known, `least_each` of them below and as many not below, in
    `least_schools` schools. `folds` is how many times a part of the schools is left out.
    """

    years_back: int = 3
    least_pupils: int = 200
    least_each: int = 20
    least_schools: int = 3
    folds: int = 10

    def __post_init__(self) -> None:
        wrong = []
        if self.years_back < 0:
            wrong.append("'years_back' is under 0")
        if self.least_pupils < 2 or self.least_each < 1:
            wrong.append("'least_pupils' is under 2 or 'least_each' under 1")
        if self.least_schools < 2 or self.folds < 2:
            wrong.append("'least_schools' or 'folds' is under 2")
        if wrong:
            raise WrongUsage(f"risk: {'; '.join(wrong)}. Correct what was given to Risk().")

    def enough(self, pupils: Pupils) -> bool:
        """Whether these pupils, whose outcome is known, make a model."""
        below = int(pupils.below.sum())
        return (
            len(pupils.rows) >= self.least_pupils
            and min(below, len(pupils.rows) - below) >= self.least_each
            and len(np.unique(pupils.schools)) >= self.least_schools
        )


def risks(results: Any, term_no: int, how: Risk | None = None) -> Any:
    """Each pupil's risk of being below at the next summer, one row a pupil and subject of the term.

    `results` is an Arrow table, a row a pupil, subject and term: `pupil_id`, `school_id`, `term_no`
    (3 × the year in which the school year starts + 0, 1, 2 for autumn, spring, summer),
    `year_group` (whole numbers, or R, 1, 2, …), `subject`, `score` (points that mean the same from
    year to year; empty where there are none), `below` (true, false or empty) and, where there are
    several, `scale`. Other columns are not read.

    Models are made of pupils of earlier years in the same term of the year, year group, subject and
    scale whose next summer is known by this term. Gives `pupil_id`, `school_id`, `term_no`,
    `year_group`, `subject`, `risk` (0 to 1), `pupils` (earlier ones) and, where there is no risk,
    `reason`: `no_result` (none in the subject, now or before) or `too_few_pupils`.

    Raises WrongUsage for a table that is not as described.
    """
    how = how or Risk()
    results = as_texts(results)
    history = History(results)
    told = _Told(len(history.pupil))
    for now, before in _groups(history, term_no, how):
        told.pupils[now.rows] = len(before.rows)
        if how.enough(before):
            told.risk[now.rows] = _model(before).risk(now.scores, now.scales)
    return told.table(results, np.flatnonzero(history.term_no == term_no))


def cross_validated_risks(results: Any, term_no: int | None = None, how: Risk | None = None) -> Any:
    """What pupils whose next summer is known by now would have been told by other schools' pupils.

    As `risks`, for one term or all; besides, `below_next` (whether the pupil was below), `fold`
    (of schools: the model is of the other folds) and `tested_on`: `earlier_years` where the other
    schools' earlier years make a model, else `other_schools`, of the same year too.
    """
    import pyarrow as pa

    how = how or Risk()
    results = as_texts(results)
    history = History(results)
    told = _Told(len(history.pupil))
    terms = np.unique(history.term_no) if term_no is None else [term_no]
    for term in terms:
        for now, before in _groups(history, int(term), how):
            known = now.of(~np.isnan(now.below))
            fold = school_folds(np.r_[known.schools, before.schools], how.folds)
            for each in np.unique(fold[: len(known.rows)]):
                out = known.of(fold[: len(known.rows)] == each)
                earlier = before.of(fold[len(known.rows) :] != each)
                rest = known.of(fold[: len(known.rows)] != each)
                told.fold[out.rows] = each
                told.below[out.rows] = out.below
                told.earlier[out.rows] = how.enough(earlier)
                others = earlier if how.enough(earlier) else _together(earlier, rest)
                told.pupils[out.rows] = len(others.rows)
                if how.enough(others):
                    told.risk[out.rows] = _model(others).risk(out.scores, out.scales)
    rows = np.flatnonzero(~np.isnan(told.below))
    found = told.table(results, rows)
    found = found.append_column("below_next", pa.array(told.below[rows] == 1))
    found = found.append_column("fold", pa.array(told.fold[rows]))
    on = np.where(told.earlier[rows], "earlier_years", "other_schools")
    return found.append_column("tested_on", pa.array(on, pa.string()))


def _model(pupils: Pupils) -> Model:
    return Model.of(pupils.scores, pupils.scales, pupils.below, pupils.schools)


def _groups(history: History, term_no: int, how: Risk) -> Iterator[tuple[Pupils, Pupils]]:
    """Pupils of the term by subject, year group and scale, and the earlier pupils of each.

    Pupils without any result in the subject are left out.
    """
    terms = np.unique(history.term_no)
    past = terms[(terms % TERMS_A_YEAR == term_no % TERMS_A_YEAR) & (terms < term_no)]
    past = past[next_summer(past) <= term_no]
    for subject in range(len(history.subjects)):
        now = history.pupils(subject, np.array([term_no]), how.years_back)
        before = history.pupils(subject, past, how.years_back)
        before = before.of(~np.isnan(before.below))
        for year_group, scale in np.unique(np.stack([now.year_group, now.scale], axis=1), axis=0):
            if scale >= 0:
                yield (
                    now.of((now.year_group == year_group) & (now.scale == scale)),
                    before.of((before.year_group == year_group) & (before.scale == scale)),
                )


def _together(one: Pupils, other: Pupils) -> Pupils:
    both = (
        np.concatenate([getattr(one, name), getattr(other, name)])
        for name in Pupils.__dataclass_fields__
    )
    return Pupils(*both)


class _Told:
    """What is told of each row of the table."""

    def __init__(self, rows: int) -> None:
        self.risk = np.full(rows, np.nan)
        self.pupils = np.full(rows, -1, dtype=np.int64)
        self.below = np.full(rows, np.nan)
        self.fold = np.full(rows, -1, dtype=np.int64)
        self.earlier = np.zeros(rows, dtype=bool)

    def table(self, results: Any, rows: Array) -> Any:
        import pyarrow as pa

        names = ["pupil_id", "school_id", "term_no", "year_group", "subject"]
        found = results.select(names).take(pa.array(rows))
        risk, pupils = self.risk[rows], self.pupils[rows]
        unknown = np.where(np.isnan(risk), np.where(pupils < 0, NO_RESULT, TOO_FEW), "")
        reason = pa.array(unknown, pa.string(), mask=unknown == "")
        found = found.append_column("risk", pa.array(risk, from_pandas=True))
        found = found.append_column("pupils", pa.array(np.maximum(pupils, 0)))
        return found.append_column("reason", reason)
