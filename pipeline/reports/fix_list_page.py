"""The fix list as a page: for each who mends, the causes in order, each with its rows to tick."""

from typing import Any

from pipeline import verdict_words
from pipeline.reports import names, words
from pipeline.reports.fix_list import (
    FIRST_LINE,
    OWNERS,
    TITLE,
    Cause,
    FixList,
    causes,
    found,
    how_serious,
    pupil,
    run_day,
    since,
)
from pipeline.reports.html import (
    SMALL,
    Block,
    Table,
    bullets,
    explained,
    heading,
    link,
    panel,
    paragraph,
)
from pipeline.reports.shell import page
from pipeline.reports.source import Rows
from pipeline.reports.text import escape
from pipeline.reports.text import name as cut
from pipeline.reports.verdict_blocks import verdict

ROWS_SHOWN = 25
TICK = "☐ …………"


def fix_list_page(fixes: FixList) -> str:
    """The whole page."""
    parts = [
        heading(1, TITLE),
        panel("first", paragraph(FIRST_LINE)),
        paragraph(fixes.confidential, "confidential"),
        paragraph(fixes.facts, "facts"),
        paragraph(fixes.progress),
        _verdict(fixes),
        verdict(fixes.scope),
        _sentence(
            "To tick it off on a computer: ",
            link(names.FIX_LIST_BOOK, "the same in Excel"),
            ". Ticks are for you; a line goes when the next export is right.",
        ),
    ]
    parts += [_owner(title, fixes.of(owner)) for owner, title in OWNERS.items()]
    return page(fixes.title, Block(*parts, _accepted(fixes), _mended(fixes)).html)


def _verdict(fixes: FixList) -> Block:
    gate = fixes.scope.gate
    if gate.passed:
        more = " What is listed here is still worth mending." if fixes.to_mend else ""
        return paragraph(f"The data passed the accuracy check.{more}")
    why = verdict_words.why_closed(gate, fixes.scope.limits)
    return panel(
        "banner",
        heading(2, "The data did not pass the accuracy check"),
        bullets([f"{words.sentence(text)}." for text in why]),
        paragraph(fixes.by_when) if fixes.by_when else Block(),
    )


def _owner(title: str, rows: Rows) -> Block:
    parts = [heading(2, f"{title} ({len(rows):,})")]
    if not rows:
        return Block(*parts, paragraph("Nothing to mend."))
    parts += [_cause(number, cause) for number, cause in enumerate(causes(rows), start=1)]
    return Block(*parts)


def _cause(number: int, cause: Cause) -> Block:
    first = cause.first
    shown = cause.rows[:ROWS_SHOWN]
    facts = [
        ("What to do:", first.fix),
        ("Where:", f"in the {first.system}".replace("the the ", "the ")),
        ("Rule:", f"{first.title} ({how_serious(first)})"),
    ]
    if first.file_name:
        facts.append(("File:", first.file_name))
    parts = [
        heading(3, f"{number}. {cause.found}"),
        explained(facts),
        _rows(cause, shown),
    ]
    if len(cause.rows) > len(shown):
        more = len(cause.rows) - len(shown)
        parts.append(paragraph(f"And {words.counted(more, 'more line')}: the Excel list has all."))
    return panel("cause small" if len(cause.rows) <= SMALL else "cause", *parts)


def _sentence(*parts: str | Block) -> Block:
    """A paragraph with a link in it; its own texts hold no markup."""
    inside = "".join(p.html if isinstance(p, Block) else escape(p) for p in parts)
    return Block(f"<p>{inside}</p>")


def _rows(cause: Cause, rows: Rows) -> Block:
    """A line for each row; columns in which nothing would stand are left out."""
    columns = {
        "Pupil": [_who(r) for r in rows],
        "Class": [cut(r.class_name or "") for r in rows],
        "Line": ["" if r.line is None else f"{r.line:,}" for r in rows],
        "Found": [found(r) if cause.each_told else "" for r in rows],
        "Told": [since(r) for r in rows],
        "Key": [r.issue_key for r in rows],
        "Mended on": [TICK] * len(rows),
    }
    kept = {name: cells for name, cells in columns.items() if any(cells)}
    lines = [[cell or "–" for cell in line] for line in zip(*kept.values(), strict=True)]
    caption = words.counted(len(cause.rows), "line")
    return Table(f"{caption} to mend", list(kept), lines, cards=True).block()


def _who(row: Any) -> str:
    name, number = pupil(row), cut(row.admission_number or "")
    if not (name or number):
        return "the whole row" if row.line is not None else "the school's data"
    if not name:
        return f"admission number {number}"
    return f"{name} ({number or 'no admission number'})"


def _accepted(fixes: FixList) -> Block:
    if not fixes.accepted:
        return Block()
    lines = [
        (_who(r), found(r), r.reason, f"{r.until:%d/%m/%Y}", r.issue_key) for r in fixes.accepted
    ]
    columns = ("Pupil", "Found", "Why the school accepts it", "Until", "Key")
    return Block(
        heading(2, f"Accepted by the school ({len(lines):,})"),
        paragraph("These do not count until their day; after it they come back."),
        Table("Accepted", columns, lines, cards=True).block(),
    )


def _mended(fixes: FixList) -> Block:
    if not fixes.mended:
        return Block()
    rows = fixes.mended[:ROWS_SHOWN]
    lines = [
        (_who(r), found(r), r.title, run_day(r.mended_run), OWNERS[r.owner].lower()) for r in rows
    ]
    more = len(fixes.mended) - len(rows)
    told = f"And {more:,} more: the Excel list has all." if more else ""
    columns = ("Pupil", "Was found", "Rule", "No longer found on", "Was for")
    return Block(
        heading(2, f"Mended ({len(fixes.mended):,})"),
        paragraph("These were told before, and the latest check no longer finds them."),
        Table("Mended", columns, lines, cards=True).block(),
        paragraph(told) if told else "",
    )
