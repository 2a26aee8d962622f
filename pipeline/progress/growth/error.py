"""What error in scores does to growth percentiles: an interval, and a bias to be taken out."""

import numpy as np

from pipeline.progress.growth.model import Model
from pipeline.progress.growth.quantile_regression import Array
from pipeline.progress.growth.splines import Spline

LAMBDAS = (0.5, 1.0, 1.5, 2.0)
WIDE = 1.96


def error_beside_line(model: Model, priors: Array, place: Array, errors: Array) -> Array:
    """Standard error of a pupil's distance from the pupil's line, in points of the score.

    `errors` are the standard errors of the score and of each earlier one, in their own points. An
    error in an earlier score moves the line by it times the line's slope there (delta method).
    """
    at = np.clip(place.astype(int) - 1, 0, len(model.fitted) - 1)
    variance = np.full(len(priors), errors[0] ** 2)
    for k in range(priors.shape[1]):
        variance += (model.slopes(priors, at, k) * errors[k + 1]) ** 2
    return np.sqrt(variance)


def interval(scores: Array, error: Array) -> tuple[Array, Array]:
    """Both ends of the 95 % interval of the score's distance from the line."""
    return scores - WIDE * error, scores + WIDE * error


def simex(
    splines: tuple[Spline, ...],
    priors: Array,
    scores: Array,
    of_whom: Array,
    errors: Array,
    rounds: int,
    dice: np.random.Generator,
) -> Array:
    """Quantiles of the pupils `of_whom` as they would be if earlier scores had no error.

    More error is added to the earlier scores, 0.5 to 2 times their own variance; what that does to
    the quantiles is carried back, in a straight line, to no error at all. Source: J. R. Cook and
    L. A. Stefanski (1994), JASA 89, 1314–1328; for growth percentiles Y. Shang, A. VanIwaarden and
    D. W. Betebenner (2015), Educational Measurement: Issues and Practice 34, 4–14.
    """
    seen = [Model.of(splines, priors, scores).quantiles(of_whom)]
    for more in LAMBDAS:
        total = np.zeros_like(seen[0])
        for _ in range(rounds):
            size = np.sqrt(more) * errors[1:]
            noisy = priors + size * dice.standard_normal(priors.shape)
            asked = of_whom + size * dice.standard_normal(of_whom.shape)
            total += Model.of(splines, noisy, scores).quantiles(asked)
        seen.append(total / rounds)
    at = np.array([0.0, *LAMBDAS])
    # The least-squares line through the means, read at minus one.
    weight = 1 / len(at) + (-1 - at.mean()) * (at - at.mean()) / np.sum((at - at.mean()) ** 2)
    carried: Array = np.tensordot(weight, np.stack(seen), axes=1)
    return np.sort(carried, axis=1)


def ranked(places_of_all: Array, asked: Array) -> Array:
    """Places as shares, out of 100, of the places of all: even again, as percentiles are to be.

    Source: D. F. McCaffrey, K. E. Castellano and J. R. Lockwood (2015), Educational Measurement:
    Issues and Practice 34, 15–21.
    """
    order = np.sort(places_of_all)
    under = np.searchsorted(order, asked, side="left")
    not_over = np.searchsorted(order, asked, side="right")
    return 100 * (under + not_over) / (2 * len(order))
