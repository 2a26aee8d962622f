"""What to mend: each error and warning of a school with its file, line and pupil."""

from typing import Any

from pipeline.reports import pupil_words, words
from pipeline.reports.html import Block, Table, paragraph
from pipeline.reports.scope import Scope

WARNINGS_SHOWN = 100
NOT_HERE = "Mend it in the system it came from and export again, not in this page or in the file."


def to_mend(scope: Scope) -> Block:
    """Every error, and the warnings as far as they are few enough to be read."""
    listed = [issue for issue in scope.ask("issues") if issue.audience == "fix list"]
    standing = [issue for issue in listed if not issue.accepted]
    errors = [issue for issue in standing if issue.severity == "error"]
    warnings = [issue for issue in standing if issue.severity == "warning"]
    accepted = [issue for issue in listed if issue.accepted]
    if not errors + warnings + accepted:
        return rules_broken(scope) or paragraph("Nothing has to be mended.")
    parts = [paragraph(NOT_HERE), rules_broken(scope)]
    parts += [_table("Errors", errors)] if errors else []
    parts += [_table("Warnings", warnings[:WARNINGS_SHOWN])] if warnings else []
    if len(warnings) > WARNINGS_SHOWN:
        more = len(warnings) - WARNINGS_SHOWN
        parts.append(paragraph(f"And {words.counted(more, 'more warning')} of these kinds."))
    return Block(*parts, _accepted(accepted))


def _accepted(issues: list[Any]) -> Block:
    """What the school has accepted stays in sight, with the reason and the last day."""
    if not issues:
        return Block()
    lines = [
        (
            pupil_words.pupil(issue) if issue.pupil_id is not None else "–",
            found(issue),
            issue.reason,
            f"{issue.until:%d/%m/%Y}",
        )
        for issue in issues
    ]
    columns = ("Pupil", "Found", "Why the school accepts it", "Until")
    return Table(f"Accepted by the school ({len(lines)})", columns, lines, cards=True).block()


def rules_broken(scope: Scope) -> Block:
    """The checks that the data failed, the gravest first; nothing where they failed none."""
    lines = [
        (
            r.title,
            r.severity,
            f"{r.rows_failed:,}",
            f"{r.rows_checked:,} {words.said(words.COUNTED, r.counts)}",
            r.owner,
            r.fix,
        )
        for r in scope.ask("rules")
    ]
    if not lines:
        return Block()
    columns = (
        *("Check that failed", "How serious", "Times"),
        *("Out of", "Who puts it right", "What to do"),
    )
    return Table("Rules that the data break", columns, lines, numbers=(2,), cards=True).block()


def unplaced(rows: list[Any]) -> Block:
    """Rows that name no school or term that is known, for the first page."""
    lines = [(place(row), row.message, row.fix) for row in rows]
    if not lines:
        return Block()
    return Table("Rows of no known school or term", ("Where", "Found", "What to do"), lines).block()


def place(row: Any) -> str:
    """File and line of an issue; what is missing is left out."""
    if row.file_name is None:
        return "the school's data as a whole"
    return row.file_name if row.line is None else f"{row.file_name}, line {row.line}"


def found(issue: Any) -> str:
    """What is wrong, with the subject and the text that was not understood, where there are any."""
    subject = f"{issue.subject}: " if issue.subject else ""
    sent = f" Found: '{issue.found}'." if issue.found else ""
    return f"{subject}{issue.message}{sent}"


def _table(caption: str, issues: list[Any]) -> Block:
    lines = [
        (
            pupil_words.pupil(issue) if issue.pupil_id is not None else "–",
            found(issue),
            place(issue),
            issue.fix,
            issue.owner,
        )
        for issue in issues
    ]
    columns = ("Pupil", "Found", "Where", "What to do", "Who puts it right")
    return Table(f"{caption} ({len(lines)})", columns, lines, cards=True).block()
