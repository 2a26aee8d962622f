"""Earlier results on one footing: each by its rank among earlier pupils, as a normal score."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Ranks:
    """For each column and scale the scores of the pupils a model is made of, in rising order."""

    known: tuple[dict[int, Array], ...]

    @classmethod
    def of(cls, scores: Array, scales: Array, least: int) -> "Ranks":
        """`scores` and `scales` are pupils × columns; a scale with fewer pupils is left out.

        Where every scale has fewer, the fullest are kept.
        """
        known = []
        for k in range(scores.shape[1]):
            seen = ~np.isnan(scores[:, k])
            of_scale = {
                int(scale): np.sort(scores[seen & (scales[:, k] == scale), k])
                for scale in np.unique(scales[seen, k])
            }
            known.append(of_scale)
        fullest = max((len(order) for each in known for order in each.values()), default=0)
        few = min(least, fullest)
        return cls(tuple({s: o for s, o in each.items() if len(o) >= few} for each in known))

    def normal_scores(self, scores: Array, scales: Array) -> Array:
        """Φ⁻¹((below + tied ÷ 2) ÷ n), pupils × columns; NaN where there is nothing to compare.

        Hazen's plotting position, as for raw marks in the pipeline: units, skew, gaps between rungs
        and ceilings do no harm. A score beyond all stands half a pupil from the end.
        """
        from scipy.special import ndtri

        found = np.full(scores.shape, np.nan)
        for k, of_scale in enumerate(self.known):
            for scale, order in of_scale.items():
                rows = np.flatnonzero((scales[:, k] == scale) & ~np.isnan(scores[:, k]))
                below = np.searchsorted(order, scores[rows, k], side="left")
                not_above = np.searchsorted(order, scores[rows, k], side="right")
                share = (below + not_above) / (2 * len(order))
                found[rows, k] = ndtri(np.clip(share, 0.5 / len(order), 1 - 0.5 / len(order)))
        return found
