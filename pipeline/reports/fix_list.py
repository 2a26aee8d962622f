"""What a school has to mend and what it has mended: one content, for a page and a workbook."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.reports import words
from pipeline.reports.scope import Scope
from pipeline.reports.source import Rows, groups
from pipeline.reports.text import name as cut
from pipeline.reports.text import visible
from pipeline.window import day_of_run, mend_by

OWNERS = {
    "office": "Office",
    "class teacher": "Class teacher",
    "data lead": "Data lead",
    "supplier": "Supplier",
}
FIRST_LINE = "Mend it in the system it came from and export again, not in this file."
TITLE = "Fix list"
# Room for the names of two pupils whose row it may be.
LONGEST_FOUND = 300


@dataclass(frozen=True)
class Cause:
    """Rows of one rule and one file: mended together, told once."""

    rows: Rows

    @property
    def first(self) -> Any:
        return self.rows[0]

    @property
    def found(self) -> str:
        """What is wrong, of one row or of all."""
        if len(self.rows) == 1:
            return str(found(self.first))
        return str(self.first.several).replace("{count}", f"{len(self.rows):,}")

    @property
    def each_told(self) -> bool:
        """Whether the rows say more than the rule does, so that each has to be told."""
        if len(self.rows) == 1:
            return False
        return any(row.found for row in self.rows) or len({found(row) for row in self.rows}) > 1


@dataclass(frozen=True)
class FixList:
    """The fix list of a school and term; rows are in the order in which to mend them."""

    scope: Scope

    @cached_property
    def listed(self) -> Rows:
        """Everything that stands in the list, accepted or not."""
        return [row for row in self.scope.ask("issues") if row.audience == "fix list"]

    @property
    def to_mend(self) -> Rows:
        return [row for row in self.listed if not row.accepted]

    @property
    def accepted(self) -> Rows:
        return [row for row in self.listed if row.accepted]

    @cached_property
    def mended(self) -> Rows:
        """What earlier checks found and the latest does not, the latest mended first."""
        return self.scope.ask("mended")

    def of(self, owner: str) -> Rows:
        """What one of `OWNERS` has to mend."""
        return [row for row in self.to_mend if row.owner == owner]

    @property
    def title(self) -> str:
        return f"{TITLE}, {self.scope.school.school_name}, {self.scope.term.title}"

    @property
    def facts(self) -> str:
        """School, term, day of the data and issue of the pages, in one line."""
        school = self.scope.school
        return (
            f"{school.school_name}, {self.scope.term.title} · data as at "
            f"{words.day(school.received_at)} · issue {self.scope.issue}"
        )

    @property
    def confidential(self) -> str:
        return (
            f"Confidential: names pupils. For staff of {self.scope.school.school_name} only; not "
            f"for display or e-mail."
        )

    @property
    def progress(self) -> str:
        """What was mended with the latest export, what remains and what is new."""
        mended = sum(1 for row in self.mended if row.with_latest)
        new = sum(1 for row in self.to_mend if row.is_new)
        parts = []
        if self.mended or new:
            parts = [
                f"since the last export: {mended:,} mended, {len(self.to_mend) - new:,} still "
                f"there, {new:,} new"
            ]
        errors = sum(1 for row in self.to_mend if row.severity == "error")
        parts.insert(
            0,
            f"{words.counted(len(self.to_mend), 'line')} to mend, {words.counted(errors, 'error')} "
            f"among them",
        )
        return words.sentence("; ".join(parts)) + "."

    @property
    def by_when(self) -> str:
        """When it was sent back and by when to mend; nothing where the gate is open."""
        found = self.scope.ask("sent_back")
        if not found:
            return ""
        sent = day_of_run(found[0].run_id)
        by = mend_by(self.scope.settings, self.scope.term, sent)
        return f"Sent back on {_day(sent)}. Please mend and send again by {_day(by)}."


def causes(rows: Rows) -> list[Cause]:
    """Rows by rule and file, in the order of the list."""
    return [Cause(of) for of in groups(rows, lambda r: (r.rule_code, r.file_id)).values()]


def found(row: Any) -> str:
    """What was found, with the subject and the text that was not understood, if there are any."""
    subject = f"{row.subject}: " if row.subject else ""
    text = visible(getattr(row, "found", None) or "")
    text = text if len(text) <= LONGEST_FOUND else f"{text[:LONGEST_FOUND]}…"
    sent = f" Found: '{text}'." if text else ""
    return f"{subject}{row.message}{sent}"


def pupil(row: Any) -> str:
    """The pupil's name as the school knows it; nothing where the line is about no pupil."""
    return cut(" ".join(filter(None, [row.forename, row.surname])))


def since(row: Any) -> str:
    """Whether a line is new, or the day since which it is told."""
    told = "new" if row.is_new else f"since {run_day(row.first_run)}"
    return f"{told}; was accepted until {_day(row.until)}" if row.until else told


def how_serious(row: Any) -> str:
    """The severity, and whether the row was left out because of it."""
    return f"{row.severity}, row not loaded" if row.not_loaded else str(row.severity)


def run_day(run_id: str) -> str:
    """The day of a run."""
    return _day(day_of_run(run_id))


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"
