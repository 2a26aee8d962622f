"""What a page is about: a school, a term and, where it has one, an Achievement Team."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.calendar import Term
from pipeline.errors import Defect
from pipeline.programme import Programme
from pipeline.reports.sentences import sentences
from pipeline.reports.source import Rows, ask, connection, groups
from pipeline.reports.text import name as cut
from pipeline.settings import Settings
from pipeline.verdict_words import Limits, read_limits

# Queries that tell what came with the school's latest file from what was there before.
DATED = ("issues", "mended")


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

    def ask(self, query: str) -> Rows:
        """Rows of a named query for this school, term and team."""
        given: dict[str, Any] = {"school_id": self.school_id, "term_no": self.term.term_no}
        if self.team_no:
            given["team"] = self.team
        if query in DATED:
            given["received_at"] = self.school.received_at
        return ask(connection(self.programme), query, **given)

    @property
    def settings(self) -> Settings:
        return self.programme.settings

    @cached_property
    def school(self) -> Any:
        """The school's row of `queries/schools.sql`."""
        for school in ask(connection(self.programme), "schools", term_no=self.term.term_no):
            if school.school_id == self.school_id:
                return school
        raise Defect("a page was asked for of a school that is not in the warehouse")

    @cached_property
    def teams(self) -> Rows:
        """The school's teams, with `team_no`, `team` and `pupils`."""
        found = ask(connection(self.programme), "teams", term_no=self.term.term_no)
        return [team for team in found if team.school_id == self.school_id]

    @cached_property
    def team(self) -> str:
        """Name of the team. Raises Defect where the school has no team of this number."""
        for team in self.teams:
            if team.team_no == self.team_no:
                return str(team.team)
        raise Defect("a page was asked for of a team that is not in the warehouse")

    @cached_property
    def _counts(self) -> Rows:
        return self.ask("counts")

    def counts(self, level: str) -> Rows:
        """Pupils by status in each subject, for each `team`, `year_group`, `class` or `school`."""
        return [row for row in self._counts if row.level == level]

    @cached_property
    def own_counts(self) -> Rows:
        """Pupils by status in each subject: those of the page's team, or of the whole school."""
        if not self.team_no:
            return self.counts("school")
        return [row for row in self.counts("team") if row.team == self.team]

    @cached_property
    def pupils(self) -> Rows:
        """The team's pupils, a row for each subject due."""
        return self.ask("pupils")

    @cached_property
    def _told(self) -> dict[tuple[int, str], Rows]:
        return groups(self.ask("told"), lambda r: (r.pupil_id, r.subject))

    def why(self, row: Any) -> str:
        """Every reason for a pupil's status in a subject, as sentences."""
        told = sentences(self._told.get((row.pupil_id, row.subject), []), cut(row.forename))
        return told or "–"

    @cached_property
    def venn(self) -> Rows:
        """The team's pupils, a row for each subject of their Venn diagram."""
        return self.ask("venn")

    @cached_property
    def patterns(self) -> Rows:
        """Rows of `progress.pattern` of the school, those of earlier terms of the whole school."""
        return self.ask("patterns")

    @property
    def now(self) -> Rows:
        """Of these, the rows of this term."""
        return [row for row in self.patterns if row.term_no == self.term.term_no]

    @cached_property
    def gaps(self) -> Rows:
        """Rows of `progress.gap` of the school and term."""
        return self.ask("gaps")

    @cached_property
    def classes_are_years(self) -> bool:
        """Whether each class is one whole year group."""
        pairs = self.ask("class_years")
        classes, years = {r.class_name for r in pairs}, {r.year_group for r in pairs}
        return bool(pairs) and len(pairs) == len(classes) == len(years)

    @cached_property
    def movement(self) -> Rows:
        """The page's pupils in each subject due, with their band then and now."""
        return self._mine(self.ask("movement"))

    def _mine(self, rows: Rows) -> Rows:
        return [row for row in rows if not self.team_no or row.team == self.team]

    @cached_property
    def reasons(self) -> Rows:
        """Flags of the page's team, or of the whole school, counted by subject and reason."""
        return self._mine(self.ask("reasons"))

    @cached_property
    def all_scales(self) -> Rows:
        """The scales whose outcomes decide for pupils of the page."""
        return self._mine(self.ask("scales"))

    @property
    def scales(self) -> Rows:
        """Of these, the scales by which pupils are judged: those of own steps are left out."""
        return [row for row in self.all_scales if not row.own_steps]

    @cached_property
    def several_results(self) -> bool:
        """Whether some pupil of the page has more than one result in a subject."""
        return bool(self._mine(self.ask("several")))

    @cached_property
    def margin_unknown(self) -> bool:
        """Whether some flag of the page is of a test whose margin of error nobody has entered."""
        shown = [r for r in self.venn if r.on_track is False] if self.team_no else []
        return any(r.not_known for r in self.reasons) or any(
            r.sureness == "not_known" for r in shown
        )

    @property
    def borderline(self) -> str:
        """The word over lists of flags that are not clear."""
        return "borderline or not known" if self.margin_unknown else "borderline"

    @cached_property
    def not_loaded(self) -> int:
        """Rows of the school's roll that could not be loaded, of pupils who are not on it now."""
        return int(self.ask("not_loaded")[0].rows)

    @cached_property
    def verdicts(self) -> Rows:
        """Rows of `accuracy.gate` of the school, up to this term."""
        return self.ask("verdicts")

    @property
    def gate(self) -> Any:
        """Whether the data may be relied on, or None where they were not checked."""
        return self._verdict(self.term.term_no)

    @property
    def gate_before(self) -> Any:
        """The verdict on the term before, or None where there is none."""
        return self._verdict(self.term.term_no - 1)

    def _verdict(self, term_no: int) -> Any:
        return next((v for v in self.verdicts if v.term_no == term_no), None)

    @cached_property
    def limits(self) -> Limits:
        """The thresholds of the gate."""
        return read_limits(connection(self.programme))


def scope(folder: str, term: str, school_id: int, team_no: int, issue: int) -> Scope:
    """The scope that a notebook's parameters name; `term` such as `2025-26-autumn`."""
    return Scope(Programme(Path(folder)), Term.from_label(term), school_id, team_no, issue)
