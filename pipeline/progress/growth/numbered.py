"""Scores as numbers of the few different values that they have."""

from typing import Any

import numpy as np

from pipeline.progress.growth.quantile_regression import Array


def different(scores: Array) -> tuple[Array, np.ndarray[Any, np.dtype[np.int64]]]:
    """Values in rising order, and for each score which of them it is; for none, any.

    Where scores lie whole points apart, as those of tests do, no sorting is needed, and values in
    between are among the answers though nobody has them.
    """
    known = np.isfinite(scores)
    if not known.any():
        return np.zeros(1), np.zeros(len(scores), dtype=np.int64)
    filled = scores if known.all() else np.where(known, scores, scores[known.argmax()])
    low, high = float(filled.min()), float(filled.max())
    if high - low <= 100 + 4 * len(filled):
        values = low + np.arange(int(high - low) + 1)
        number = (filled - low).astype(np.int64)
        if np.array_equal(values[number], filled):
            return values, number
    values, number = np.unique(filled, return_inverse=True)
    return values, number.astype(np.int64)
