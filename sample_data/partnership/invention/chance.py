"""Chance that falls the same way on every machine and every version of Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A seeded source of chance that uses only exact arithmetic, no logarithm and no cosine."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def number(self) -> float:
        """A number from 0 up to, but not including, 1."""
        return self._random.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + int(self.number() * (high - low + 1))

    def one_of(self, choices: Sequence[T]) -> T:
        """One of ``choices``, each as likely as the other."""
        return choices[int(self.number() * len(choices))]

    def happens(self, share: float) -> bool:
        """True in that share of cases."""
        return self.number() < share

    def normal(self) -> float:
        """Nearly a standard normal number: twelve uniform ones, added one by one."""
        total = -6.0
        for _ in range(12):
            # `sum` rounds differently from Python 3.12 on.
            total += self.number()
        return total
