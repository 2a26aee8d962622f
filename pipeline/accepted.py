"""`corrections.toml`, entries `[[accepted]]`: issues that a school accepts until a day, and why."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.entries import read_entries

BY_RULE = ("rule", "school", "academic_year", "term")
ALSO_BY_RULE = ("pupil", "subject")


class Accepted(BaseModel):
    """One issue by its key, or those of a rule for a school, term and pupil.

    Without a pupil an entry by rule stands for issues that are about no single pupil.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issue: str | None = Field(default=None, pattern=r"^[0-9a-f]{16}$")
    rule: str | None = Field(default=None, min_length=1)
    school: Annotated[int, Field(ge=100000, le=9999999, strict=True)] | None = None
    academic_year: str | None = Field(default=None, pattern=r"^[12][0-9]{3}-[0-9]{2}$")
    term: Literal["autumn", "spring", "summer"] | None = None
    pupil: str | None = Field(default=None, min_length=1)
    subject: str | None = Field(default=None, min_length=1)
    reason: str = Field(min_length=1)
    until: dt.date
    by: str | None = None

    @model_validator(mode="after")
    def _says_which(self) -> "Accepted":
        given = [name for name in (*BY_RULE, *ALSO_BY_RULE) if getattr(self, name) is not None]
        if self.issue is not None and given:
            raise ValueError(f"'issue' says which; take out '{given[0]}'")
        missing = [name for name in BY_RULE if getattr(self, name) is None]
        if self.issue is None and missing:
            raise ValueError(
                f"neither 'issue' nor all of {', '.join(map(repr, BY_RULE))} are given"
            )
        return self

    def in_force(self, today: dt.date) -> bool:
        """Whether it still holds; the day that it names is the last."""
        return today <= self.until


class AcceptedFile(BaseModel):
    """The whole file; corrections are the reading stage's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accepted: tuple[Accepted, ...] = ()
    correction: tuple[dict[str, Any], ...] = ()


def read_accepted(path: Path) -> tuple[Accepted, ...]:
    """Accepted issues in the order of the file. Raises SettingsWrong, without any value."""
    told_by = "docs/data-leads.md shows what an accepted issue says"
    return read_entries(path, AcceptedFile, "accepted", told_by).accepted
