"""Academic years and terms: their names, numbers and dates."""

import datetime as dt
import re
from dataclasses import dataclass

TERMS = ("autumn", "spring", "summer")
FIRST_YEAR, LAST_YEAR = 1980, 2079


@dataclass(frozen=True, order=True)
class Term:
    """One term. `term_no` is 3 × (year in which the academic year starts) + 0, 1, 2."""

    term_no: int

    @property
    def starting_year(self) -> int:
        return self.term_no // 3

    @property
    def academic_year(self) -> str:
        return f"{self.starting_year}-{(self.starting_year + 1) % 100:02d}"

    @property
    def term(self) -> str:
        return TERMS[self.term_no % 3]

    @property
    def label(self) -> str:
        """As in commands and folder names: `2025-26-autumn`."""
        return f"{self.academic_year}-{self.term}"

    @property
    def title(self) -> str:
        """As people write it: `autumn 2025-26`."""
        return f"{self.term} {self.academic_year}"

    @classmethod
    def from_label(cls, label: str) -> "Term":
        """From `2025-26-autumn`. Raises ValueError where it is not a term."""
        found = re.match(r"^(\d{4})[-/](\d{2}|\d{4})[- ](autumn|spring|summer)$", label.strip())
        if not found or int(found[2]) % 100 != (int(found[1]) + 1) % 100:
            raise ValueError(label)
        return cls(3 * int(found[1]) + TERMS.index(found[3]))


# Those that results can be of.
ACADEMIC_YEARS = tuple(Term(3 * year).academic_year for year in range(FIRST_YEAR, LAST_YEAR + 1))


def day_in_term(term: Term, month_day: str) -> dt.date:
    """The day `MM-DD` within the academic year of a term."""
    month, day = (int(part) for part in month_day.split("-"))
    year = term.starting_year + (0 if month >= 9 else 1)
    return dt.date(year, month, day)
