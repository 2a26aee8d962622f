"""What a page is about: a school, a term and, where it has one, an Achievement Team."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.calendar import Term
from pipeline.errors import Defect
from pipeline.programme import Programme
from pipeline.reports.source import ask, connection, rows
from pipeline.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Scope:
    """A page's school, term and team, and the rows that its blocks share.

    `team_no` is the team's place in `queries/teams.sql`; 0 means the whole school.
    """

    programme: Programme
    term: Term
    school_id: int
    team_no: int
    issue: int

    def ask(self, query: str) -> "pd.DataFrame":
        """Rows of a named query for this school, term and team."""
        given: dict[str, Any] = {"school_id": self.school_id, "term_no": self.term.term_no}
        if self.team_no:
            given["team"] = self.team
        return ask(connection(self.programme), query, **given)

    @property
    def settings(self) -> Settings:
        return self.programme.settings

    @cached_property
    def school(self) -> dict[str, Any]:
        """The school's row of `queries/schools.sql`."""
        found = rows(connection(self.programme), "schools", term_no=self.term.term_no)
        for school in found:
            if school["school_id"] == self.school_id:
                return school
        raise Defect("a page was asked for of a school that is not in the warehouse")

    @cached_property
    def teams(self) -> "pd.DataFrame":
        """The school's teams: `team_no`, `team`, `pupils`."""
        found = ask(connection(self.programme), "teams", term_no=self.term.term_no)
        return found[found["school_id"] == self.school_id]

    @cached_property
    def team(self) -> str:
        """Name of the team. Raises Defect where the school has no team of this number."""
        found = self.teams.loc[self.teams["team_no"] == self.team_no, "team"]
        if found.empty:
            raise Defect("a page was asked for of a team that is not in the warehouse")
        return str(found.iloc[0])

    @cached_property
    def counts(self) -> "pd.DataFrame":
        """Pupils by status for the school and each of its teams, year groups and classes."""
        return self.ask("counts")

    @cached_property
    def pupils(self) -> "pd.DataFrame":
        """The team's pupils, a row for each subject due."""
        return self.ask("pupils")

    @cached_property
    def venn(self) -> "pd.DataFrame":
        """The team's pupils, a row for each subject of their Venn diagram."""
        return self.ask("venn")

    @cached_property
    def gate(self) -> Any:
        """Whether the data may be relied on, or None where they were not checked."""
        return next(self.ask("gate").itertuples(index=False), None)


def scope(folder: str, term: str, school_id: int, team_no: int, issue: int) -> Scope:
    """The scope that a notebook's parameters name; `term` such as `2025-26-autumn`."""
    return Scope(Programme(Path(folder)), Term.from_label(term), school_id, team_no, issue)
