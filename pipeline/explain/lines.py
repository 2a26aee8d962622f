"""The explanation as text: the pupil, each subject due, what is known to be wrong, the files."""

from typing import Any

from pipeline.explain.facts import Facts
from pipeline.explain.result_lines import result
from pipeline.explain.sheet import Sheet
from pipeline.explain.subject_lines import subject_lines
from pipeline.reports import pupil_words, words
from pipeline.reports.source import groups


def lines(facts: Facts, subject: str | None = None) -> list[str]:
    """Everything, or what concerns one subject."""
    sheet = Sheet()
    _pupil(sheet, facts)
    for status in facts.statuses:
        if subject in (None, status.subject):
            subject_lines(sheet, facts, status)
    _not_due(sheet, facts, subject)
    _issues(sheet, facts, subject)
    _files(sheet, facts)
    return sheet.lines


def _pupil(sheet: Sheet, facts: Facts) -> None:
    pupil, title = facts.pupil, facts.term.title
    sheet.say(f"{pupil_words.pupil(pupil)}, the program's number {pupil.pupil_id}")
    for row in facts.earlier_numbers:
        sheet.say(f"Found to be the same child as number {row.old_pupil_id}: {row.reason}.")
    for row in facts.enrolments:
        if row.school_id is None:
            continue
        group = ", ".join(
            [
                words.year_group(row.year_group),
                row.class_name or "no class named",
                f"team {row.team}" if row.team else "no team named",
            ]
        )
        sheet.say(f"{words.sentence(title)}, {row.school_name} ({row.school_id}): {group}")
        sheet.say(_roll(row, sheet), 2)
    if not pupil.on_roll:
        known = words.listed([term.title for term in facts.terms])
        sheet.say(
            f"Counted by no school in {title}, so there is no status. "
            + (f"Statuses are there for {known} (--term)." if known else "")
        )


def _roll(row: Any, sheet: Sheet) -> str:
    source = "On the roll" if row.from_roll else "No roll was sent; taken from other rows"
    told = [f"{source}: {sheet.at(row.file_id, row.line)}"]
    told += [f"entered on {words.day(row.entry_date)}"] if row.entry_date else []
    told += [f"leaving date {words.day(row.leaving_date)}"] if row.leaving_date else []
    told += [f"enrol status {row.enrol_status}"] if row.enrol_status else []
    if not row.on_roll:
        told.append(
            "does not count here (a guest, taught elsewhere, left by "
            f"{words.day(row.counts_on)}, or another school is the main one)"
        )
    return f"{', '.join(told)}."


def _not_due(sheet: Sheet, facts: Facts, subject: str | None) -> None:
    """Results in subjects in which no status is due: kept, and counted nowhere."""
    due = {row.subject for row in facts.statuses}
    if facts.pupil.on_roll and (subject not in due if subject else not due):
        what = "this subject" if subject else "no subject"
        year = f"{words.year_group(facts.pupil.year_group)} in {facts.term.term}"
        sheet.gap()
        sheet.say(
            f"No status: {what} is {'not ' if subject else ''}due for {year} ([[due]] in "
            f"pipeline.toml)."
        )
    for name, rows in groups(facts.results, lambda r: r.subject).items():
        if name not in due and subject in (None, name):
            sheet.gap()
            sheet.say(f"{name.upper()}: no status is due")
            for row in rows:
                sheet.say(result(row, sheet), 4)


def _issues(sheet: Sheet, facts: Facts, subject: str | None) -> None:
    found = [row for row in facts.issues if subject is None or row.subject in (None, subject)]
    if facts.pupil.school_id is None:
        return
    sheet.gap()
    sheet.say("ACCURACY of these data" + (": nothing was found" if not found else ""))
    for row in found:
        whose = "" if row.pupil_id is not None else _whose(row)
        about = f" {row.subject}:" if row.subject else ""
        sheet.say(
            f"{row.severity} {row.rule_code}{whose}, {sheet.at(row.file_id, row.line)}:{about} "
            f"{row.message}",
            4,
        )
        if row.accepted:
            sheet.say(f"Accepted until {words.day(row.until)}: {row.reason}", 6)


def _whose(row: Any) -> str:
    return " (the whole class)" if row.class_name else " (the whole file)"


def _files(sheet: Sheet, facts: Facts) -> None:
    sheet.gap()
    sheet.say("FILES" if sheet.files else "FILES: none")
    for file_id, name in facts.file_names(sheet.files).items():
        sheet.say(f"{file_id}  {name}", 4)
