"""Schools in folds, so that a pupil's risk is tested by what was learnt elsewhere."""

import numpy as np

from pipeline.progress.risk.standard import Array


def school_folds(schools: Array, folds: int) -> Array:
    """The fold (0, 1, …) of each pupil: all of a school in one, folds of about the same size.

    The largest school first, each to the fold with fewest pupils so far: it depends on the schools
    and their sizes, not on the order of rows. There are as many folds as schools where those are
    fewer.
    """
    names, which, pupils = np.unique(schools, return_inverse=True, return_counts=True)
    size = np.zeros(min(folds, len(names)), dtype=int)
    fold = np.zeros(len(names), dtype=int)
    for school in np.argsort(-pupils, kind="stable"):
        fold[school] = int(size.argmin())
        size[fold[school]] += pupils[school]
    return fold[which]
