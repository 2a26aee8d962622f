"""The norm: who has the same earlier scores, and those of them that the model is made of."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.progress.growth.history import Cohort
from pipeline.progress.growth.numbered import different
from pipeline.progress.growth.quantile_regression import Array
from pipeline.progress.growth.splines import DEGREE


@dataclass(frozen=True)
class Norm:
    """Scores and earlier scores (pupils × occasions) of those who make a norm, in rising order.

    `telling` says for each occasion whether the earlier scores of the whole norm differ.
    """

    scores: Array
    priors: Array
    telling: tuple[bool, ...]


class Histories:
    """Which earlier scores the pupils of a cohort have, and the norms that can be made of them."""

    def __init__(self, cohort: Cohort, most_pupils: int | None) -> None:
        self.most_pupils = most_pupils
        scored = np.isfinite(cohort.scores)
        # Bit k where a pupil has a score and the one k + 1 occasions before it.
        self.pattern = np.zeros(len(scored), dtype=np.int64)
        for k, earlier in enumerate(cohort.priors.T):
            self.pattern += (np.isfinite(earlier) & scored).astype(np.int64) << k
        patterns, pupils = np.unique(self.pattern, return_counts=True)
        self._pupils: dict[int, int] = dict(zip(patterns.tolist(), pupils.tolist(), strict=True))
        self._numbered = [different(c) for c in (cohort.scores, *cohort.priors.T)]
        self._norms: dict[tuple[int, ...], Norm] = {}

    def usable(
        self, least_pupils: int, pupils_per_column: int, knots: int
    ) -> Iterator[tuple[list[int], tuple[int, ...], str | None]]:
        """Patterns with the same occasions that can be used; those; and why none can.

        An earlier occasion on which all have the same score says nothing and is left out; then the
        oldest is, until enough pupils have the rest.
        """
        chosen: dict[tuple[tuple[int, ...], str | None], list[int]] = {}
        for pattern in self._pupils:
            occasions = [k for k in range(pattern.bit_length()) if pattern >> k & 1]
            if not occasions:
                continue
            telling = [k for k in occasions if self.norm((k,)).telling[0]]
            reason = None if telling else "no_spread"
            while telling:
                columns = 1 + len(telling) * (knots + DEGREE)
                enough = self.pupils(tuple(telling)) >= max(
                    least_pupils, pupils_per_column * columns
                )
                if enough and all(self.norm(tuple(telling)).telling):
                    break
                telling.pop()
                reason = None if telling else "too_few_pupils"
            chosen.setdefault((tuple(telling), reason), []).append(pattern)
        for (kept, reason), patterns in chosen.items():
            yield patterns, kept, reason

    def pupils(self, occasions: tuple[int, ...]) -> int:
        """How many have a score and all of these earlier ones."""
        bits = sum(1 << k for k in occasions)
        return sum(n for pattern, n in self._pupils.items() if pattern & bits == bits)

    def norm(self, occasions: tuple[int, ...]) -> Norm:
        """Those who have a score and all of these earlier ones; of many, so many as are allowed.

        They are evenly spread over the scores, and the same whatever the order of the rows.
        """
        if occasions not in self._norms:
            bits = sum(1 << k for k in occasions)
            here = np.flatnonzero(self.pattern & bits == bits)
            columns = [self._numbered[0], *(self._numbered[k + 1] for k in occasions)]
            of_norm = [number[here] for _, number in columns]
            telling = tuple(bool(np.ptp(number) > 0) for number in of_norm[1:])
            most = min(len(here), self.most_pupils or len(here))
            spread = np.linspace(0, len(here) - 1, most).round().astype(int)
            taken = _in_order(of_norm, [len(values) for values, _ in columns], spread)
            scores, *priors = (
                values[number] for (values, _), number in zip(columns, taken, strict=True)
            )
            self._norms[occasions] = Norm(scores, np.column_stack(priors), telling)
        return self._norms[occasions]


def _in_order(columns: list[Any], sizes: list[int], at: Any) -> list[Any]:
    """The rows that stand `at` these places in rising order, by the first column, then the next.

    The numbers of a column are under its size. They are sorted as one number a row, where that is
    one of 64 bits, which is many times as fast.
    """
    if math.prod(sizes) >= 2**62:
        order = np.lexsort(columns[::-1])[at]
        return [column[order] for column in columns]
    rows = columns[0]
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        rows = rows * size + column
    chosen = np.sort(rows)[at]
    found = []
    for size in sizes[:0:-1]:
        chosen, column = np.divmod(chosen, size)
        found.append(column)
    return [chosen, *reversed(found)]
