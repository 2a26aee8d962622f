"""How good probabilities were: order (AUC) and calibration, with what chance alone would show."""

from dataclasses import dataclass

import numpy as np

from pipeline.progress.risk.standard import Array

BINS = 10


def auc(risk: Array, below: Array) -> float:
    """Share of pairs of a pupil below and one not below in which the first had the higher risk.

    A tie counts half. NaN where all are of one kind. Source: J. A. Hanley and B. J. McNeil (1982),
    Radiology 143, 29–36.
    """
    from scipy.stats import rankdata

    cases = float(below.sum())
    others = len(below) - cases
    if not cases or not others:
        return float("nan")
    ranks = rankdata(risk)[below.astype(bool)].sum()
    return float((ranks - cases * (cases + 1) / 2) / (cases * others))


@dataclass(frozen=True)
class Bins:
    """Of pupils given 0–10 %, 10–20 % …: how many, the mean risk, and how many were below."""

    pupils: Array
    predicted: Array
    below: Array

    @classmethod
    def of(cls, risk: Array, below: Array) -> "Bins":
        """Ten bins of equal width; a bin holds its lower end."""
        which = bin_of(risk)
        pupils = np.bincount(which, minlength=BINS)
        predicted = np.bincount(which, risk, BINS) / np.maximum(pupils, 1)
        return cls(pupils, predicted, np.bincount(which, below, BINS).astype(int))

    @property
    def error(self) -> float:
        """Calibration error: Σ pupils × |share below − mean risk| ÷ all pupils.

        Source: M. P. Naeini, G. F. Cooper and M. Hauskrecht (2015), AAAI, 2901–2907.
        """
        apart = np.abs(self.below - self.pupils * self.predicted)
        return float(apart.sum() / self.pupils.sum()) if self.pupils.sum() else float("nan")


def bin_of(risk: Array) -> Array:
    """0 for a risk under 10 %, … 9 for 90 % and more."""
    return np.minimum((risk * BINS).astype(int), BINS - 1)


def error_by_chance(risk: Array, times: int = 400, seed: int = 20251) -> float:
    """Mean calibration error if these risks were exactly true, by simulation."""
    if not len(risk):
        return float("nan")
    dice = np.random.default_rng(seed)
    ordered = np.sort(risk)
    which = bin_of(ordered)
    apart = 0.0
    for _ in range(times):
        luck = (dice.random(len(ordered)) < ordered) - ordered
        apart += float(np.abs(np.bincount(which, luck, BINS)).sum())
    return apart / times / len(ordered)
