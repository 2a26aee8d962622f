"""Logistic regression with a penalty, by Newton's method."""

import numpy as np

from pipeline.progress.risk.standard import Array

MOST_STEPS, SETTLED = 50, 1e-8
SMALLEST = 1e-12


def probability(log_odds: Array) -> Array:
    """1 ÷ (1 + e^−log odds), without overflow."""
    from scipy.special import expit

    found: Array = expit(log_odds)
    return found


def fit_logistic(design: Array, below: Array, penalty: Array, towards: Array) -> Array:
    """Coefficients that maximise log likelihood − Σ penalty × (coefficient − towards)² ÷ 2.

    `design` is pupils × columns, `below` holds 0 and 1. With a penalty above nought on every column
    but the constant, and both kinds of pupils, the answer is finite even where a column tells them
    apart without fault (S. le Cessie and J. C. van Houwelingen, 1992, Applied Statistics 41,
    191–201). A step that does not raise the likelihood is halved. Where columns say the same to the
    last digit, as curves do whose knots nearly fall together, the shortest step is taken.
    """
    found = towards.astype(float)
    height = _height(design, below, penalty, towards, found)
    for _ in range(MOST_STEPS):
        p = probability(design @ found)
        slope = design.T @ (below - p) - penalty * (found - towards)
        weighted = design * np.maximum(p * (1 - p), SMALLEST)[:, np.newaxis]
        curve = weighted.T @ design + np.diag(penalty + SMALLEST)
        try:
            step = np.linalg.solve(curve, slope)
        except np.linalg.LinAlgError:
            size = np.sqrt(np.diag(curve))
            step = np.linalg.lstsq(curve / np.outer(size, size), slope / size, rcond=None)[0] / size
        for _ in range(30):
            higher = _height(design, below, penalty, towards, found + step)
            if higher >= height:
                break
            step = step / 2
        else:
            break
        found = found + step
        risen, height = higher - height, higher
        if risen <= SETTLED * (1 + abs(height)) * 1e-3:
            break
    return found


def log_loss(log_odds: Array, below: Array) -> float:
    """Mean of −log of the probability given to what came to pass."""
    return float(np.mean(np.logaddexp(0, log_odds) - below * log_odds))


def _height(design: Array, below: Array, penalty: Array, towards: Array, at: Array) -> float:
    pull = float(np.sum(penalty * (at - towards) ** 2)) / 2
    return -len(below) * log_loss(design @ at, below) - pull
