"""B-splines of earlier scores, as a design whose columns are independent."""

from dataclasses import dataclass, field

import numpy as np

from pipeline.progress.growth.quantile_regression import Array

KNOTS, DEGREE, MARGIN = (0.2, 0.4, 0.6, 0.8), 3, 0.1


@dataclass(frozen=True)
class Spline:
    """A B-spline of one earlier score: knots inside, boundaries, degree; in the score's unit."""

    knots: tuple[float, ...]
    boundaries: tuple[float, float]
    degree: int = DEGREE

    @classmethod
    def of(
        cls,
        scores: Array,
        at: tuple[float, ...] = KNOTS,
        boundaries: tuple[float, float] | None = None,
    ) -> "Spline":
        """Knots at these shares of the scores; boundaries, unless given, a tenth beyond them.

        Source of both defaults: D. W. Betebenner's student growth percentiles. Knots that fall
        together, as they do where scores are tied, are one knot.
        """
        low, high = float(scores.min()), float(scores.max())
        wide = MARGIN * (high - low)
        ends = boundaries or (low - wide, high + wide)
        inner = sorted({float(k) for k in np.quantile(scores, at)})
        return cls(tuple(k for k in inner if ends[0] < k < ends[1]), ends)

    def columns(self, scores: Array) -> Array:
        """Pupils × (knots + degree): the basis without its first column, which the constant has.

        A score beyond a boundary is taken as at the boundary.
        """
        low, high = self.boundaries
        t = np.array([low] * (self.degree + 1) + list(self.knots) + [high] * (self.degree + 1))
        x = np.clip(scores, low, high)
        pieces = len(t) - 1
        piece = np.clip(
            np.searchsorted(t, x, side="right") - 1, self.degree, pieces - self.degree - 1
        )
        basis = np.zeros((len(x), pieces))
        basis[np.arange(len(x)), piece] = 1.0
        # Cox and de Boor: each degree from the one before it.
        for d in range(1, self.degree + 1):
            raised = np.zeros((len(x), pieces - d))
            for i in range(pieces - d):
                if t[i + d] > t[i]:
                    raised[:, i] += (x - t[i]) / (t[i + d] - t[i]) * basis[:, i]
                if t[i + d + 1] > t[i + 1]:
                    raised[:, i] += (t[i + d + 1] - x) / (t[i + d + 1] - t[i + 1]) * basis[:, i + 1]
            basis = raised
        return basis[:, 1:]


@dataclass(frozen=True)
class Design:
    """A constant and a spline for each earlier score, turned so that columns are independent."""

    splines: tuple[Spline, ...]
    turn: Array = field(repr=False)

    @classmethod
    def of(cls, splines: tuple[Spline, ...], priors: Array) -> "Design":
        """From the earlier scores, pupils × occasions, that the model is made of."""
        plain = _plain(splines, priors)
        _, size, axes = np.linalg.svd(plain, full_matrices=False)
        kept = size > 1e-9 * size[0]
        return cls(splines, axes[kept].T / size[kept] * np.sqrt(len(priors)))

    def matrix(self, priors: Array) -> Array:
        """Pupils × columns."""
        return np.ascontiguousarray(_plain(self.splines, priors) @ self.turn)


def _plain(splines: tuple[Spline, ...], priors: Array) -> Array:
    parts = [spline.columns(priors[:, k]) for k, spline in enumerate(splines)]
    return np.hstack([np.ones((len(priors), 1)), *parts])
