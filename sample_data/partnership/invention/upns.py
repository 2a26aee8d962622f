"""Unique pupil numbers of the invented LA 999, each given out once.

Check letter: DfE, Unique pupil numbers (UPNs) guide, June 2019, Annex A.
"""

from __future__ import annotations

from collections import Counter

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def check_letter(body: str) -> str:
    """The letter that makes ``body`` (characters 2 to 13) a valid UPN."""
    total = 0
    for weight, character in enumerate(body, start=2):
        total += weight * (int(character) if character.isdigit() else LETTERS.index(character))
    return LETTERS[total % 23]


class Upns:
    """Gives out UPNs by establishment and year, in order."""

    def __init__(self) -> None:
        self._given: Counter[tuple[str, int, int]] = Counter()

    def permanent(self, establishment: int, year: int) -> str:
        """The next UPN of an establishment (four digits) and of the year it is given out in."""
        self._given["permanent", establishment, year] += 1
        serial = self._given["permanent", establishment, year]
        body = f"999{establishment:04}{year % 100:02}{serial:03}"
        return check_letter(body) + body

    def temporary(self, establishment: int, year: int) -> str:
        """The next temporary UPN, which ends in a letter."""
        self._given["temporary", establishment, year] += 1
        serial = self._given["temporary", establishment, year]
        body = f"999{establishment:04}{year % 100:02}{serial:02}A"
        return check_letter(body) + body
