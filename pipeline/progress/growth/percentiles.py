"""Growth percentiles of a table of results: the interface for analysts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.errors import WrongUsage
from pipeline.progress.growth.error import error_beside_line, interval, ranked, simex
from pipeline.progress.growth.history import Cohort, cohorts
from pipeline.progress.growth.model import (
    QUANTILES,
    Boundaries,
    Model,
    as_percent,
    as_percent_at_most,
    percentiles,
    places,
    sides,
    splines_of,
)
from pipeline.progress.growth.norm import Histories, Norm
from pipeline.progress.growth.quantile_regression import Array
from pipeline.progress.growth.splines import KNOTS


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
    answers = [
        cohort_percentiles(cohort, how, standard_errors or {})
        for cohort in cohorts(results, how.priors, year)
    ]
    rows = np.concatenate([a["rows"] for a in answers]) if answers else np.array([], dtype=int)
    kept = results.select(["pupil_id", "year", "year_group"]).take(pa.array(rows))
    for name in ("percentile", "lower", "upper", "priors", "pupils", "reason"):
        values = np.concatenate([a[name] for a in answers]) if answers else np.array([])
        of_type = pa.string() if name in ("priors", "reason") else pa.int64()
        kept = kept.append_column(name, pa.array(values, of_type, from_pandas=True))
    return kept


def cohort_percentiles(
    cohort: Cohort, how: Growth, standard_errors: Mapping[tuple[int, int], float]
) -> dict[str, Any]:
    """The same for one year and year group that is given as a Cohort: an array for each column.

    Instead of a pupil's number there are `rows`: the cohort's own, of those who were asked for.
    """
    asked = np.flatnonzero(cohort.asked)
    rows, scores, priors = cohort.rows[asked], cohort.scores[asked], cohort.priors[asked]
    figures = {
        name: np.full(len(asked), np.nan) for name in ("percentile", "lower", "upper", "pupils")
    }
    used = np.full(len(asked), None, dtype=object)
    reason = np.where(np.isfinite(scores), "no_earlier_score", "no_score").astype(object)
    answer = {"rows": rows, "priors": used, "reason": reason, **figures}
    all_scores = cohort.scores[np.isfinite(cohort.scores)]
    if len(all_scores) and np.ptp(all_scores) == 0:
        reason[np.isfinite(scores)] = "no_spread"
        return answer
    histories = Histories(cohort, how.most_pupils)
    pattern = histories.pattern[asked]
    for patterns, occasions, why_none in histories.usable(
        how.least_pupils, how.pupils_per_column, len(how.knots)
    ):
        members = np.flatnonzero(np.isin(pattern, patterns))
        reason[members] = why_none
        if not occasions or not len(members):
            continue
        figures["pupils"][members] = histories.pupils(occasions)
        used[members] = ",".join(str(k + 1) for k in occasions)
        (
            figures["percentile"][members],
            figures["lower"][members],
            figures["upper"][members],
        ) = _model_percentiles(
            (cohort.year, cohort.year_group),
            histories.norm(occasions),
            (scores[members], priors[members][:, occasions]),
            occasions,
            how,
            standard_errors,
        )
    return answer


def _check(standard_errors: Mapping[tuple[int, int], float]) -> None:
    if any(not (np.isfinite(e) and e >= 0) for e in standard_errors.values()):
        raise WrongUsage(
            "standard_errors: one is not a number from 0 up. Expected points of the score, by "
            "(year, year group); leave out what is not known."
        )


def _model_percentiles(
    cohort: tuple[int, int],
    norm: Norm,
    pupils: tuple[Array, Array],
    occasions: tuple[int, ...],
    how: Growth,
    standard_errors: Mapping[tuple[int, int], float],
) -> tuple[Array, Array, Array]:
    """Percentile and both ends of its interval from the model of the norm.

    `cohort` is its year and year group; `pupils` are scores and earlier scores of those asked for.
    """
    year, year_group = cohort
    own, asked = pupils
    at = [cohort, *((year - k - 1, year_group - k - 1) for k in occasions)]
    boundaries = tuple((how.boundaries or {}).get(place) for place in at[1:])
    errors = np.array([standard_errors.get(place, np.nan) for place in at], dtype=float)
    splines = splines_of(norm.priors, how.knots, boundaries)
    fitted = how.quantiles
    model = Model.of(splines, norm.priors, norm.scores, fitted)
    known = bool(np.isfinite(errors).all())
    if how.simex_rounds and known:
        dice = np.random.default_rng([how.seed, year, year_group + 9, *occasions])
        everyone = np.vstack([norm.priors, asked])
        corrected = simex(
            splines, norm.priors, norm.scores, everyone, errors, how.simex_rounds, dice
        )
        of_norm = places(corrected[: len(norm.scores)], norm.scores)
        quantiles = corrected[len(norm.scores) :]
        place = places(quantiles, own)
        error = error_beside_line(model, asked, place, errors)
        ends = (places(quantiles, end) for end in interval(own, error))
        lower, upper = (ranked(of_norm, p) for p in ends)
        return (percentiles(ranked(of_norm, place)), percentiles(lower), percentiles(upper))
    quantiles = model.quantiles(asked)
    under, not_over = sides(quantiles, own)
    percent = percentiles(as_percent(under, not_over, fitted))
    lower, upper = np.full(len(own), np.nan), np.full(len(own), np.nan)
    wanted = percent < how.interval_under
    if known and wanted.any():
        quantiles, place = quantiles[wanted], (under + not_over)[wanted] / 2
        error = error_beside_line(model, asked[wanted], place, errors)
        low_end, high_end = interval(own[wanted], error)
        lower[wanted] = percentiles(as_percent(*sides(quantiles, low_end), fitted))
        upper[wanted] = percentiles(as_percent_at_most(*sides(quantiles, high_end), fitted))
    return percent, lower, upper
