"""One model: the probability of being below, given whatever earlier results there are."""

from dataclasses import dataclass

import numpy as np

from pipeline.progress.risk.folds import school_folds
from pipeline.progress.risk.logistic import fit_logistic, log_loss, probability
from pipeline.progress.risk.missing import Filled, Joint
from pipeline.progress.risk.standard import Array, Ranks

PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
INNER_FOLDS, LEAST_IN_COLUMN, PUPILS_PER_COLUMN = 5, 30, 20
# Of the information on the outcome, p × (1 − p) a pupil, these shares lie under the knots. Shares:
# F. E. Harrell (2015), Regression Modeling Strategies, 2nd edition, table 2.3.
KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)


@dataclass(frozen=True)
class Model:
    """Ranks, joint law, weights of the columns, and the curve that turns a sum into log odds."""

    ranks: Ranks
    columns: Array
    joint: Joint
    weights: Array
    curve: "Curve"
    pupils: int

    @classmethod
    def of(cls, scores: Array, scales: Array, below: Array, schools: Array) -> "Model":
        """Fit to pupils whose outcome is known, and of whom some have a result.

        `scores` and `scales` (numbers of scales) are pupils × columns, NaN where there is no
        score; `below` holds 0 and 1, both of them; `schools` are at least two. The penalty is the
        one with the least log loss in schools left out, and the curve is fitted to what those
        models said of them. There is a column for every 20 pupils at most; the first come first.
        """
        ranks = Ranks.of(scores, scales, LEAST_IN_COLUMN)
        values = ranks.normal_scores(scores, scales)
        columns = np.flatnonzero((~np.isnan(values)).any(axis=0))
        columns = columns[: max(len(below) // PUPILS_PER_COLUMN, 1)]
        joint = Joint.of(values[:, columns])
        filled = joint.filled(values[:, columns])
        fold = school_folds(schools, INNER_FOLDS)
        tried = [_left_out(filled, below, fold, penalty) for penalty in PENALTIES]
        best = int(np.argmin([log_loss(t, below) for t in tried]))
        weights = _weights(filled, below, PENALTIES[best])
        curve = Curve.of(tried[best], below, fold)
        return cls(ranks, columns, joint, weights, curve, len(below))

    def risk(self, scores: Array, scales: Array) -> Array:
        """Probability of being below, a pupil; `scores` and `scales` as in `of`.

        Never nearer to 0 or 1 than one pupil more of either kind would make it (Laplace's rule of
        succession, 1 ÷ (n + 2)): nobody is told a certainty.
        """
        values = self.ranks.normal_scores(scores, scales)[:, self.columns]
        found = probability(self.curve.log_odds(_sum(self.joint.filled(values), self.weights)))
        least = 1 / (self.pupils + 2)
        return np.clip(found, least, 1 - least)


def _sum(filled: Filled, weights: Array) -> Array:
    """Constant and weighted results, drawn in where much was filled in.

    The logistic curve averaged over a normal error is nearly one with log odds divided by
    √(1 + π ÷ 8 × variance): D. J. C. MacKay (1992), Neural Computation 4, 720–736.
    """
    found: Array = (weights[0] + filled.values @ weights[1:]) / _drawn_in(filled, weights)
    return found


def _drawn_in(filled: Filled, weights: Array) -> Array:
    found: Array = np.sqrt(1 + np.pi / 8 * filled.variance(weights[1:]))
    return found


def _weights(filled: Filled, below: Array, penalty: float) -> Array:
    """Weights by penalised logistic regression, three times round for the drawing in.

    The first column, the result of now, is hardly held back: so with few pupils the others fall
    away first, and what is left is the plain rule of the result of now.
    """
    columns = filled.values.shape[1]
    charge = np.full(columns + 1, penalty)
    charge[:2] = 0.0, PENALTIES[0]
    weights = np.zeros(columns + 1)
    plain = np.hstack([np.ones((len(below), 1)), filled.values])
    for _ in range(3):
        design = plain / _drawn_in(filled, weights)[:, np.newaxis]
        weights = fit_logistic(design, below, charge, np.zeros(columns + 1))
    return weights


def _left_out(filled: Filled, below: Array, fold: Array, penalty: float) -> Array:
    """Log odds of each pupil by a model of the other folds."""
    found = np.empty(len(below))
    for each in range(fold.max() + 1):
        out, rest = np.flatnonzero(fold == each), np.flatnonzero(fold != each)
        found[out] = _sum(filled.of(out), _weights(filled.of(rest), below[rest], penalty))
    return found


@dataclass(frozen=True)
class Curve:
    """Log odds as a straight line, or a natural cubic spline, of the weighted sum."""

    knots: Array
    coefficients: Array

    @classmethod
    def of(cls, sums: Array, below: Array, fold: Array) -> "Curve":
        """Of the two the one that does better in schools left out; a curve has to rise."""
        straight = cls._fit(np.empty(0), sums, below)
        knots = _knots(sums, probability(straight.log_odds(sums)))
        if len(knots) < 3:
            return straight
        curved = cls._fit(knots, sums, below)
        along = curved.log_odds(np.linspace(sums.min(), sums.max(), 200))
        if (np.diff(along) < 0).any():
            return straight
        losses = []
        for at in (np.empty(0), knots):
            told = np.empty(len(sums))
            for each in range(fold.max() + 1):
                out = fold == each
                told[out] = cls._fit(at, sums[~out], below[~out]).log_odds(sums[out])
            losses.append(log_loss(told, below))
        return curved if losses[1] < losses[0] else straight

    @classmethod
    def _fit(cls, knots: Array, sums: Array, below: Array) -> "Curve":
        """Held, by the weight of a pupil or so, to what the sums say already."""
        design = _natural(knots, sums)
        towards = np.r_[0.0, 1.0, np.zeros(design.shape[1] - 2)]
        charge = np.r_[0.0, np.ones(design.shape[1] - 1)]
        return cls(knots, fit_logistic(design, below, charge, towards))

    def log_odds(self, sums: Array) -> Array:
        """Log odds of these sums; beyond the outer knots a curve is straight."""
        found: Array = _natural(self.knots, sums) @ self.coefficients
        return found


def _knots(sums: Array, risk: Array) -> Array:
    """Where pupils tell most of the outcome; shares of pupils would put them among the safe."""
    order = np.argsort(sums, kind="stable")
    told = np.cumsum((risk * (1 - risk))[order])
    at = np.minimum(np.searchsorted(told, np.array(KNOTS) * told[-1]), len(sums) - 1)
    return np.unique(sums[order][at])


def _natural(knots: Array, at: Array) -> Array:
    """Natural cubic spline, pupils × (2 + knots − 2): constant, the value, and the bends.

    Source: T. Hastie, R. Tibshirani and J. Friedman (2009), The Elements of Statistical Learning,
    2nd edition, equations 5.4 and 5.5, in units of the distance between the outer knots.
    """
    parts = [np.ones(len(at)), at]
    if len(knots):
        wide = knots[-1] - knots[0]

        def bend(k: int) -> Array:
            over = np.maximum(at - knots[k], 0) ** 3 - np.maximum(at - knots[-1], 0) ** 3
            found: Array = over / (knots[-1] - knots[k]) / wide
            return found

        parts += [bend(k) - bend(len(knots) - 2) for k in range(len(knots) - 2)]
    return np.stack(parts, axis=1)
