"""One model: the distribution of the score, given a set of earlier scores."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.progress.growth.numbered import different
from pipeline.progress.growth.quantile_regression import Array, fit_quantiles
from pipeline.progress.growth.splines import KNOTS, Design, Spline

QUANTILES = np.arange(1, 100) / 100
Boundaries = Mapping[tuple[int, int], tuple[float, float]]


@dataclass(frozen=True)
class Model:
    """Quantiles of the score as splines of earlier scores: all 99, unless fewer were asked for."""

    design: Design
    coefficients: Array
    fitted: Array

    @classmethod
    def of(
        cls,
        splines: tuple[Spline, ...],
        priors: Array,
        scores: Array,
        fitted: Array = QUANTILES,
    ) -> "Model":
        """Fit to the pupils whose `priors` (pupils × occasions) and scores are all there."""
        design = Design.of(splines, priors)
        return cls(design, fit_quantiles(design.matrix(priors), scores, fitted), fitted)

    def quantiles(self, priors: Array) -> Array:
        """Pupils × quantiles: each pupil's quantiles, in rising order.

        Separate regressions may cross; sorting is never further from the truth (V. Chernozhukov,
        I. Fernández-Val and A. Galichon, 2010, Econometrica 78, 1093–1125).
        """
        return np.sort(self.lines(priors), axis=1)

    def lines(self, priors: Array) -> Array:
        """The same as the regressions give them, each in its own column.

        A line is a sum of a curve for each earlier score, so that a curve is worked out for the
        different scores and then looked up.
        """
        weight = self.design.turn @ self.coefficients.T
        found = np.repeat(weight[:1], len(priors), axis=0)
        first = 1
        for spline, scores in zip(self.design.splines, priors.T, strict=True):
            values, number = different(scores)
            curves = spline.columns(values)
            last = first + curves.shape[1]
            found += (curves @ weight[first:last])[number]
            first = last
        return found

    def slopes(self, priors: Array, at: Array, occasion: int) -> Array:
        """How much the quantile numbered `at` (pupils) changes with a point of an earlier score."""
        low, high = self.design.splines[occasion].boundaries
        half = 0.005 * (high - low)
        up, down = priors.copy(), priors.copy()
        up[:, occasion] += half
        down[:, occasion] -= half
        rows = np.arange(len(priors))
        change: Array = (self.quantiles(up) - self.quantiles(down))[rows, at] / (2 * half)
        return change


def splines_of(
    priors: Array,
    knots: tuple[float, ...] = KNOTS,
    boundaries: tuple[tuple[float, float] | None, ...] | None = None,
) -> tuple[Spline, ...]:
    """A spline for each occasion (column) of the earlier scores."""
    ends = boundaries or (None,) * priors.shape[1]
    return tuple(Spline.of(priors[:, k], knots, ends[k]) for k in range(priors.shape[1]))


def sides(quantiles: Array, scores: Array) -> tuple[Array, Array]:
    """How many of a pupil's quantiles lie under the score, and how many do not lie over it."""
    near = 1e-7 * (float(np.ptp(scores)) or 1.0)
    at = scores[:, np.newaxis]
    return (quantiles < at - near).sum(axis=1), (quantiles <= at + near).sum(axis=1)


def places(quantiles: Array, scores: Array) -> Array:
    """How many of a pupil's quantiles lie under the score, one that equals it counting half."""
    under, not_over = sides(quantiles, scores)
    return (under + not_over) / 2


def as_percent(under: Array, not_over: Array, fitted: Array) -> Array:
    """Where a score stands among all 99 quantiles, by those that were fitted.

    At the highest fitted one under it. Where it equals some, in the middle of them; they end
    half-way to the next fitted one.
    """
    least, most = _least_and_most(fitted)
    end = np.where(under == not_over, least[under], (least[not_over] + most[not_over]) / 2)
    told: Array = (least[under] + end) / 2
    return told


def as_percent_at_most(under: Array, not_over: Array, fitted: Array) -> Array:
    """The same for the upper end of an interval: as high as the quantile above allows."""
    _, most = _least_and_most(fitted)
    told: Array = (most[under] + most[not_over]) / 2
    return told


def _least_and_most(fitted: Array) -> tuple[Array, Array]:
    """How many of the 99 lie under a score at least, and at most, by the number fitted that do."""
    percent = 100 * fitted
    return np.array([0.0, *percent]), np.array([*percent, 100.0]) - 1


def percentiles(place: Array) -> Array:
    """Places as whole percentiles from 1 to 99."""
    return np.clip(np.floor(place + 0.5), 1, 99)
