"""Growth percentiles of a table of results: the interface for analysts."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np

from pipeline.errors import WrongUsage
from pipeline.progress.growth.error import between, error_beside_line, ranked, simex
from pipeline.progress.growth.history import Cohort, cohorts
from pipeline.progress.growth.model import (
    QUANTILES,
    Boundaries,
    Model,
    as_percent,
    as_percent_at_most,
    percentiles,
    places,
    splines_of,
)
from pipeline.progress.growth.quantile_regression import Array
from pipeline.progress.growth.splines import DEGREE, KNOTS


@dataclass(frozen=True)
class Growth:
    """How growth is worked out; the defaults are those of the documentation.

    `priors` is the most earlier results (1 to 3 and more); `knots` are shares of the earlier
    scores; `boundaries` gives the lowest and highest score of a (year, year group) where it is
    known; `least_pupils` make a norm, and `pupils_per_column` of them for each column of the model;
    of more than `most_pupils` so many make it, evenly spread over the scores; `fitted` names the
    percentiles that are fitted, all 99 by default (fewer is faster: a percentile is then the
    highest fitted one under the score, the interval as wide as the fitted ones allow);
    `interval_under` is the percentile from which on no interval is worked out;
    `simex_rounds` above 0 takes out the bias from error in earlier scores, with that many repeats
    at each of four sizes of added error and `seed` for the dice.
    """

    priors: int = 3
    knots: tuple[float, ...] = KNOTS
    boundaries: Boundaries | None = None
    least_pupils: int = 200
    pupils_per_column: int = 20
    most_pupils: int | None = None
    fitted: tuple[int, ...] | None = None
    interval_under: int = 100
    simex_rounds: int = 0
    seed: int = 20251

    def __post_init__(self) -> None:
        wrong = []
        if self.priors < 1:
            wrong.append("'priors' is under 1")
        if not self.knots or any(not 0 < k < 1 for k in self.knots):
            wrong.append("'knots' are not shares between 0 and 1")
        if self.least_pupils < 2 or self.pupils_per_column < 1 or self.simex_rounds < 0:
            wrong.append("'least_pupils', 'pupils_per_column' or 'simex_rounds' is too small")
        if self.most_pupils is not None and self.most_pupils < self.least_pupils:
            wrong.append("'most_pupils' is under 'least_pupils'")
        if self.fitted is not None and (
            not self.fitted
            or list(self.fitted) != sorted(set(self.fitted))
            or not 1 <= self.fitted[0] <= self.fitted[-1] <= 99
        ):
            wrong.append("'fitted' are not percentiles from 1 to 99 that rise")
        if not 2 <= self.interval_under <= 100:
            wrong.append("'interval_under' is not a percentile from 2 to 100")
        if self.fitted is not None and self.simex_rounds:
            wrong.append("'simex_rounds' needs all percentiles, so no 'fitted'")
        if any(not low < high for low, high in (self.boundaries or {}).values()):
            wrong.append("a pair of 'boundaries' does not rise")
        if wrong:
            raise WrongUsage(f"growth: {'; '.join(wrong)}. Correct what was given to Growth().")

    @property
    def quantiles(self) -> Array:
        """The quantiles that are fitted, as shares."""
        return QUANTILES if self.fitted is None else np.array(self.fitted) / 100


def growth_percentiles(
    results: Any,
    year: int | None = None,
    growth: Growth | None = None,
    standard_errors: Mapping[tuple[int, int], float] | None = None,
) -> Any:
    """Each pupil's growth percentile in one subject, one row a result of the year, or of all years.

    `results` is an Arrow table with `pupil_id`, `year` (a whole number that counts occasions),
    `year_group` (whole numbers, or R, 1, 2, …) and `score` (any unit; it may differ between years).
    `standard_errors` are the scores' standard errors of measurement by (year, year group), in their
    own points; without those of the score and of all earlier ones used there is no interval. Where
    there is a column `asked` (yes or no), only those asked for are answered; all make the norm.

    Gives `pupil_id`, `year`, `year_group`, `percentile` (1 to 99), `lower` and `upper` (95 %, from
    error in the scores), `priors` (earlier years used, such as "1,2": one and two years before),
    `pupils` (in the norm) and, where there is no percentile, `reason`: `no_score`,
    `no_earlier_score`, `too_few_pupils` or `no_spread`.

    Source: D. W. Betebenner (2009), Educational Measurement: Issues and Practice 28, 42–51.
    Raises WrongUsage for a table that is not as described.
    """
    import pyarrow as pa

    how = growth or Growth()
    _check(standard_errors or {})
    columns: dict[str, list[Any]] = {}
    found = [
        _cohort_percentiles(cohort, how, standard_errors or {})
        for cohort in cohorts(results, how.priors, year)
    ]
    rows = np.concatenate([f.pop("rows") for f in found]) if found else np.array([], dtype=int)
    for name in ("percentile", "lower", "upper", "priors", "pupils", "reason"):
        columns[name] = [v for f in found for v in f[name]]
    types = {name: pa.int64() for name in ("percentile", "lower", "upper", "pupils")}
    types |= {name: pa.string() for name in ("priors", "reason")}
    kept = results.select(["pupil_id", "year", "year_group"]).take(pa.array(rows))
    for name, values in columns.items():
        kept = kept.append_column(name, pa.array(values, types[name], from_pandas=True))
    return kept


def _check(standard_errors: Mapping[tuple[int, int], float]) -> None:
    if any(not (np.isfinite(e) and e >= 0) for e in standard_errors.values()):
        raise WrongUsage(
            "standard_errors: one is not a number from 0 up. Expected points of the score, by "
            "(year, year group); leave out what is not known."
        )


def _cohort_percentiles(
    cohort: Cohort, how: Growth, standard_errors: Mapping[tuple[int, int], float]
) -> dict[str, Any]:
    """The columns for one year and year group."""
    pupils = len(cohort.rows)
    scored = np.isfinite(cohort.scores)
    figures = {name: np.full(pupils, np.nan) for name in ("percentile", "lower", "upper", "pupils")}
    used = np.full(pupils, None, dtype=object)
    reason = np.where(scored, "no_earlier_score", "no_score").astype(object)
    if scored.any() and np.ptp(cohort.scores[scored]) == 0:
        reason[scored] = "no_spread"
        return _asked(cohort, {"priors": used, "reason": reason, **figures})
    for members, occasions, why_none in _by_history(cohort, scored, how):
        reason[members] = why_none
        if not occasions:
            continue
        norm = _norm(cohort, scored, occasions)
        figures["pupils"][members] = norm.sum()
        used[members] = ",".join(str(k + 1) for k in occasions)
        members = members & cohort.asked
        if not members.any():
            continue
        told = _model_percentiles(cohort, norm, members, occasions, how, standard_errors)
        for name, values in zip(("percentile", "lower", "upper"), told, strict=True):
            figures[name][members] = values
    return _asked(cohort, {"priors": used, "reason": reason, **figures})


def _asked(cohort: Cohort, figures: dict[str, Any]) -> dict[str, Any]:
    return {name: f[cohort.asked] for name, f in {"rows": cohort.rows, **figures}.items()}


def _by_history(
    cohort: Cohort, scored: Any, how: Growth
) -> Iterator[tuple[np.ndarray[Any, Any], list[int], str | None]]:
    """Pupils with the same earlier scores, those scores that can be used, and why none can.

    An earlier year in which all have the same score says nothing and is left out; then the oldest
    is, until enough pupils have the rest.
    """
    there = np.isfinite(cohort.priors) & scored[:, np.newaxis]
    chosen: dict[tuple[tuple[int, ...], str | None], list[Any]] = {}
    weight = 1 << np.arange(there.shape[1])
    number = there @ weight
    for each in np.unique(number[scored]):
        pattern = each & weight > 0
        occasions = list(compress(range(len(pattern)), pattern))
        if not occasions:
            continue
        telling = [k for k in occasions if np.ptp(cohort.priors[there[:, k], k]) > 0]
        reason = None if telling else "no_spread"
        while telling and not _enough(cohort, scored, telling, how):
            telling.pop()
            reason = None if telling else "too_few_pupils"
        members = (number == each) & scored
        chosen.setdefault((tuple(telling), reason), []).append(members)
    for (kept, reason), groups in chosen.items():
        yield np.logical_or.reduce(groups), list(kept), reason


def _norm(cohort: Cohort, scored: Any, occasions: list[int]) -> Any:
    """The pupils who have a score and all of these earlier ones."""
    return scored & np.isfinite(cohort.priors[:, occasions]).all(axis=1)


def _enough(cohort: Cohort, scored: Any, occasions: list[int], how: Growth) -> bool:
    norm = _norm(cohort, scored, occasions)
    columns = 1 + len(occasions) * (len(how.knots) + DEGREE)
    if norm.sum() < max(how.least_pupils, how.pupils_per_column * columns):
        return False
    return bool((np.ptp(cohort.priors[norm][:, occasions], axis=0) > 0).all())


def _thinned(priors: Array, scores: Array, most: int | None) -> tuple[Array, Array]:
    """At most so many pupils, evenly spread over the scores, whatever the order of the rows."""
    if most is None or len(scores) <= most:
        return priors, scores
    order = _sorted_by(np.column_stack([scores, priors]))
    chosen = order[np.linspace(0, len(scores) - 1, most).round().astype(int)]
    return priors[chosen], scores[chosen]


def _sorted_by(columns: Array) -> np.ndarray[Any, Any]:
    """Places of the rows in rising order, by the first column, then by the next.

    Whole numbers, as scores are, are first made one number: it is sorted several times as fast.
    """
    low = columns.min(axis=0)
    if not np.array_equal(columns, np.rint(columns)):
        return np.lexsort(columns.T[::-1])
    spans = [int(s) + 1 for s in columns.max(axis=0) - low]
    if math.prod(spans) >= 2**62:
        return np.lexsort(columns.T[::-1])
    key = np.zeros(len(columns), dtype=np.int64)
    for column, least, span in zip(columns.T, low, spans, strict=True):
        key = key * span + (column - least).astype(np.int64)
    return np.argsort(key)


def _model_percentiles(
    cohort: Cohort,
    norm: Any,
    members: Any,
    occasions: list[int],
    how: Growth,
    standard_errors: Mapping[tuple[int, int], float],
) -> tuple[Array, Array, Array]:
    """Percentile and both ends of its interval for the `members`, from the model of the `norm`."""
    at = [(cohort.year, cohort.year_group)]
    at += [(cohort.year - k - 1, cohort.year_group - k - 1) for k in occasions]
    ends = tuple((how.boundaries or {}).get(place) for place in at[1:])
    errors = np.array([standard_errors.get(place, np.nan) for place in at], dtype=float)
    priors, scores = _thinned(
        cohort.priors[norm][:, occasions], cohort.scores[norm], how.most_pupils
    )
    asked, own = cohort.priors[members][:, occasions], cohort.scores[members]
    splines = splines_of(priors, how.knots, ends)
    fitted = how.quantiles
    model = Model.of(splines, priors, scores, fitted)
    known = bool(np.isfinite(errors).all())
    if how.simex_rounds and known:
        dice = np.random.default_rng([how.seed, cohort.year, cohort.year_group + 9, *occasions])
        everyone = np.vstack([priors, asked])
        corrected = simex(splines, priors, scores, everyone, errors, how.simex_rounds, dice)
        of_norm, quantiles = places(corrected[: len(priors)], scores), corrected[len(priors) :]
    else:
        of_norm, quantiles = None, model.quantiles(asked)
    place = places(quantiles, own)
    lower, upper = np.full(len(own), np.nan), np.full(len(own), np.nan)
    if of_norm is not None:
        if known:
            error = error_beside_line(model, asked, place, errors)
            lower, upper = (ranked(of_norm, p) for p in between(quantiles, own, error))
        place = ranked(of_norm, place)
    else:
        percent = as_percent(place, fitted)
        wanted = percentiles(percent) < how.interval_under
        if known and wanted.any():
            error = error_beside_line(model, asked[wanted], place[wanted], errors)
            low_end, high_end = between(quantiles[wanted], own[wanted], error)
            lower[wanted] = as_percent(low_end, fitted)
            upper[wanted] = as_percent_at_most(high_end, fitted)
        place = percent
    low, high = (percentiles(p) if known else p for p in (lower, upper))
    return percentiles(place), low, high
