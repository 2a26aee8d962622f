"""All that is known of why a pupil has each status in a term, as rows of queries.

The pages' own queries are asked where they say it, so that page and command cannot differ.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from pipeline.calendar import Term
from pipeline.progress.flag import make_progress_views
from pipeline.reports import source
from pipeline.warehouse.query import named_rows

QUERIES = Path(__file__).parent / "queries"
Rows = list[Any]


@dataclass(frozen=True)
class Facts:
    """A pupil in a term. Rows are asked for when they are first looked at."""

    con: duckdb.DuckDBPyConnection
    pupil_id: int
    term: Term

    def _ask(self, name: str, **given: Any) -> Rows:
        text = (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
        given |= {"pupil_id": self.pupil_id, "term_no": self.term.term_no}
        return named_rows(self.con, text, given)

    def _ask_pages(self, name: str, where: str, **given: Any) -> Rows:
        """Those rows of a query of the pages for which a condition holds."""
        text = f"select * from (\n{source.query(name)}\n) as asked where {where}"
        given |= {
            "pupil_id": self.pupil_id,
            "term_no": self.term.term_no,
            "school_id": self.pupil.school_id,
        }
        return named_rows(self.con, text, given)

    @cached_property
    def enrolments(self) -> Rows:
        """The pupil's schools in the term, the main one first; one row without a school if none."""
        return self._ask("pupil")

    @property
    def pupil(self) -> Any:
        """The pupil as the main school has it."""
        return self.enrolments[0]

    @cached_property
    def earlier_numbers(self) -> Rows:
        return self._ask("earlier_numbers")

    @cached_property
    def terms(self) -> list[Term]:
        """Terms in which the pupil has a status."""
        return [Term(row.term_no) for row in self._ask("terms")]

    @cached_property
    def statuses(self) -> Rows:
        """A row for each subject due, with the result that decides, as on the team's page."""
        team = self.pupil.team or "No team named"
        return self._ask_pages("pupils", "pupil_id = $pupil_id", team=team)

    @cached_property
    def reasons(self) -> Rows:
        """The flags of the term, with all that their sentences are made from."""
        return self._ask_pages("told", "pupil_id = $pupil_id")

    @cached_property
    def results(self) -> Rows:
        return self._ask("results")

    @cached_property
    def replaced(self) -> Rows:
        return self._ask("replaced")

    @cached_property
    def expected(self) -> dict[str, Any]:
        """By subject: where what is expected of the deciding result is said."""
        return {row.subject: row for row in self._ask("expected")}

    @cached_property
    def compared(self) -> dict[str, Any]:
        """By subject: what progress and the pupil's own target were judged by."""
        make_progress_views(self.con, self.pupil_id)
        return {row.subject: row for row in self._ask("compared")}

    @cached_property
    def earlier(self) -> Rows:
        return self._ask("earlier")

    @cached_property
    def cautions(self) -> Rows:
        """What must be known of the pupil's year group."""
        return self._ask_pages("cautions", "year_group = $year", year=self.pupil.year_group)

    @cached_property
    def issues(self) -> Rows:
        """What the accuracy rules found of the pupil, the pupil's class, or a file with the
        pupil's results."""
        files = [row.file_id for row in self.results] or [0]
        return self._ask_pages(
            "issues",
            "pupil_id = $pupil_id or (pupil_id is null and class_name = $class_name) "
            "or (pupil_id is null and line is null and list_contains($files, file_id))",
            class_name=self.pupil.class_name,
            files=files,
            received_at=None,
        )

    def file_names(self, files: set[int]) -> dict[int, str]:
        """Paths as sent, by ledger number."""
        return {row.file_id: row.file_name for row in self._ask("files", files=sorted(files))}
