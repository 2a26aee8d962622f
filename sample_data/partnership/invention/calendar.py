"""The six terms of the sample, numbered from 0 (autumn 2024) to 5 (summer 2026)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

LATEST = 5


@dataclass(frozen=True)
class Term:
    """A term: its names, and the days on which something happens."""

    starting_year: int
    name: str
    starts: dt.date
    assessed: dt.date
    ends: dt.date

    @property
    def academic_year(self) -> str:
        return f"{self.starting_year}-{(self.starting_year + 1) % 100:02d}"

    @property
    def folder(self) -> str:
        return f"{self.academic_year}-{self.name}"


def _term(year: int, name: str, starts: str, assessed: str, ends: str) -> Term:
    day = dt.date.fromisoformat
    return Term(year, name, day(starts), day(assessed), day(ends))


TERMS = (
    _term(2024, "autumn", "2024-09-04", "2024-12-04", "2024-12-20"),
    _term(2024, "spring", "2025-01-06", "2025-03-19", "2025-04-04"),
    _term(2024, "summer", "2025-04-28", "2025-07-02", "2025-07-22"),
    _term(2025, "autumn", "2025-09-03", "2025-12-03", "2025-12-19"),
    _term(2025, "spring", "2026-01-05", "2026-03-18", "2026-03-27"),
    _term(2025, "summer", "2026-04-20", "2026-07-01", "2026-07-21"),
)
# The week in May in which Year 6 sits the national tests.
KS2_TESTS = {2: dt.date(2025, 5, 13), 5: dt.date(2026, 5, 12)}
