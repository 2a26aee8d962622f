"""Effect sizes: a difference between two groups of pupils in units of a standard deviation.

A plain interface for analysts, over arrays of scores; nothing of the termly run uses it. The
difference is of **scores after** (Coe and others 2013, *DIY Evaluation Guide*): pupils who were
chosen because they were low rise without any help, so that a gain says nothing by itself. Compare
groups that were drawn by lot, or that started alike.

The interval takes pupils to be independent of each other. Pupils of one class are not: where
classes or schools were chosen, not pupils, it is too narrow, and a multilevel model is needed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import WrongUsage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

NORMAL_95 = 1.96


@dataclass(frozen=True)
class EffectSize:
    """An effect in standard deviations, with its standard error and 95 % interval; what it is made
    of: the difference and the spread in points, and pupils in each group."""

    effect: float
    standard_error: float
    low: float
    high: float
    difference: float
    spread: float
    pupils: int
    controls: int


def effect_size(scores: "ArrayLike", controls: "ArrayLike", spread: float) -> EffectSize:
    """Difference of the means ÷ a spread that is known, such as that of the whole year group.

    `scores` and `controls` are one-dimensional, in the same points as `spread`. The standard error
    is that of the difference with unequal variances, √(s₁² ÷ n₁ + s₂² ÷ n₂), ÷ spread, as in Stock
    and Watson, *Introduction to Econometrics*, table 13.3, where the spread is the standard
    deviation of all pupils of the grade. Raises WrongUsage where a group has fewer than two scores,
    one is missing, or the spread is not above nought.
    """
    treated, compared = _group("scores", scores), _group("controls", controls)
    if not spread > 0 or spread == float("inf"):
        raise WrongUsage("spread: not a number above nought; expected a standard deviation.")
    error = (treated.var(ddof=1) / treated.size + compared.var(ddof=1) / compared.size) ** 0.5
    difference = float(treated.mean() - compared.mean())
    return _told(difference / spread, float(error) / spread, difference, spread, treated, compared)


def hedges_g(scores: "ArrayLike", controls: "ArrayLike") -> EffectSize:
    """Difference of the means ÷ the pooled standard deviation, corrected for small groups.

    g = J × d with J = 1 − 3 ÷ (4 (n₁ + n₂ − 2) − 1); its variance is J² × ((n₁ + n₂) ÷ (n₁ n₂) +
    d² ÷ (2 (n₁ + n₂))) (Hedges and Olkin 1985, *Statistical Methods for Meta-Analysis*). Raises
    WrongUsage as `effect_size` does, and where all scores of each group are the same.
    """
    treated, compared = _group("scores", scores), _group("controls", controls)
    of, and_of = treated.size, compared.size
    freedom = of + and_of - 2
    pooled = float(
        (((of - 1) * treated.var(ddof=1) + (and_of - 1) * compared.var(ddof=1)) / freedom) ** 0.5
    )
    if all(group.min() == group.max() for group in (treated, compared)):
        raise WrongUsage("scores: all the same in each group, so there is no spread to divide by.")
    difference = float(treated.mean() - compared.mean())
    d, correction = difference / pooled, 1 - 3 / (4 * freedom - 1)
    variance = (of + and_of) / (of * and_of) + d**2 / (2 * (of + and_of))
    error = correction * variance**0.5
    return _told(correction * d, error, difference, pooled, treated, compared)


def _told(
    effect: float,
    error: float,
    difference: float,
    spread: float,
    treated: "np.ndarray",
    compared: "np.ndarray",
) -> EffectSize:
    around = NORMAL_95 * error
    return EffectSize(
        effect=float(effect),
        standard_error=float(error),
        low=float(effect - around),
        high=float(effect + around),
        difference=difference,
        spread=float(spread),
        pupils=treated.size,
        controls=compared.size,
    )


def _group(name: str, scores: "ArrayLike") -> "np.ndarray":
    import numpy as np

    try:
        values = np.asarray(scores, dtype=float)
    except (TypeError, ValueError):
        raise WrongUsage(f"{name}: not all are numbers; expected one score a pupil.") from None
    if values.ndim != 1 or values.size < 2:
        raise WrongUsage(f"{name}: expected a list of two scores or more, one a pupil.")
    missing = int((~np.isfinite(values)).sum())
    if missing:
        raise WrongUsage(
            f"{name}: {missing:,} of {values.size:,} are missing. Leave them out, in both groups, "
            f"and say how many there were: who is not tested is seldom missing by chance."
        )
    return values
