"""The first page of a term: every school of the partnership, with links to its pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.calendar import Term
from pipeline.reports import mend_blocks, words
from pipeline.reports.html import Block, Table, heading, link, paragraph
from pipeline.reports.shell import page


@dataclass
class Entry:
    """A school on the first page: its row of `queries/schools.sql` and its pages.

    `pages` are pairs of a title and an address; the address is None where the page failed.
    """

    school: Any
    pages: list[tuple[str, str | None]] = field(default_factory=list)


def index_page(term: Term, entries: Sequence[Entry], unplaced: Sequence[Any] = ()) -> str:
    """The page as HTML."""
    here = [e for e in entries if e.pages]
    missing = [e.school.school_name for e in entries if not e.pages]
    unsafe = sum(1 for e in here if _unsafe(e.school))
    facts = f"{words.counted(len(here), 'school')} received"
    if missing:
        facts += f", {len(missing)} not yet received"
    if unsafe:
        facts += f", {unsafe} not yet safe to rely on"
    lines = [
        (
            e.school.school_name,
            _gate(e.school),
            words.day(e.school.received_at),
            f"{e.school.pupils:,}",
            Block(" · ".join(_page(title, address) for title, address in e.pages)),
        )
        for e in here
    ]
    columns = ("School", "Data", "Data as at", "Pupils", "Pages")
    parts = [
        heading(1, f"Attainment reports, {term.title}"),
        paragraph(facts + ".", "facts"),
        paragraph(
            "These pages name pupils. A school's pages are for that school: hand over its own "
            "folder, and nothing of the others'."
        ),
    ]
    if lines:
        parts.append(Table("Schools", columns, lines, numbers=(3,), cards=True).block())
    if missing:
        parts += [heading(2, "Not yet received"), paragraph(words.listed(missing) + ".")]
    parts.append(mend_blocks.unplaced(list(unplaced)))
    return page(f"Attainment reports, {term.title}", Block(*parts).html)


def _unsafe(school: Any) -> bool:
    return school.passed is False


def _gate(school: Any) -> str:
    if school.passed is None:
        return "not checked"
    said = "passed the accuracy check" if school.passed else "not yet safe to rely on"
    errors = f"{words.counted(school.errors, 'error')} to mend"
    return f"{said}: {errors}" if school.errors else said


def _page(title: str, address: str | None) -> str:
    if address is None:
        return Block(paragraph(f"{title}: could not be made")).html
    return link(address, title).html
