"""What a missing result would most likely be, given those there are: a joint normal law."""

from dataclasses import dataclass

import numpy as np

from pipeline.progress.risk.standard import Array

MOST_ROUNDS, SETTLED = 200, 1e-3
# Weight, in pupils, of the belief that columns have their own spread and no connection: it keeps
# the law whole where two columns were hardly ever seen together.
BELIEF = 5.0


@dataclass(frozen=True)
class Joint:
    """Means and covariances of the columns."""

    mean: Array
    covariance: Array

    @classmethod
    def of(cls, values: Array) -> "Joint":
        """Maximum likelihood for values that are missing at random (NaN), by EM.

        `values` is pupils × columns, each column with some values. Source: R. J. A. Little and
        D. B. Rubin (2019), Statistical Analysis with Missing Data, 3rd edition, section 11.2.
        """
        spread = np.nanvar(values, axis=0) + 1e-6
        found = cls(np.nanmean(values, axis=0), np.diag(spread))
        for _ in range(MOST_ROUNDS):
            filled = found.filled(values)
            mean = filled.values.mean(axis=0)
            apart = filled.values - mean
            doubt = np.tensordot(filled.pupils, filled.doubt, axes=1)
            covariance = apart.T @ apart + doubt + BELIEF * np.diag(spread)
            covariance /= len(values) + BELIEF
            change = np.abs(covariance - found.covariance).max()
            found = cls(mean, covariance)
            if change < SETTLED:
                break
        return found

    def filled(self, values: Array) -> "Filled":
        """Each pupil's values, the missing ones as they are expected to be."""
        patterns, which, pupils = np.unique(
            ~np.isnan(values), axis=0, return_inverse=True, return_counts=True
        )
        which = which.reshape(-1)
        order = np.argsort(which, kind="stable")
        starts = np.r_[0, np.cumsum(pupils)]
        result = np.where(np.isnan(values), self.mean, values)
        doubt = np.zeros((len(patterns), *self.covariance.shape))
        for at, seen in enumerate(patterns):
            if seen.all():
                continue
            if not seen.any():
                doubt[at] = self.covariance
                continue
            across = self.covariance[np.ix_(~seen, seen)]
            slope = np.linalg.solve(self.covariance[np.ix_(seen, seen)], across.T).T
            rows = order[starts[at] : starts[at + 1]]
            known = values[np.ix_(rows, np.flatnonzero(seen))] - self.mean[seen]
            result[np.ix_(rows, np.flatnonzero(~seen))] += known @ slope.T
            left = self.covariance[np.ix_(~seen, ~seen)] - slope @ across.T
            doubt[at][np.ix_(~seen, ~seen)] = left
        return Filled(result, which, pupils, doubt)


@dataclass(frozen=True)
class Filled:
    """Values without gaps; `doubt` is the covariance of what was filled in, by pattern of gaps.

    `which` is a pupil's pattern; `pupils` counts those of each pattern.
    """

    values: Array
    which: Array
    pupils: Array
    doubt: Array

    def variance(self, weights: Array) -> Array:
        """Variance of each pupil's weighted sum, from what was filled in."""
        by_pattern = np.einsum("pij,i,j->p", self.doubt, weights, weights)
        return by_pattern[self.which]

    def of(self, rows: Array) -> "Filled":
        """Some of the pupils."""
        return Filled(self.values[rows], self.which[rows], self.pupils, self.doubt)
