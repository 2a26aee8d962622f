"""What a run did, in lines for people and as values for programs."""

from pathlib import Path
from typing import Any

from pipeline import verdict_words
from pipeline.calendar import Term
from pipeline.programme import Programme
from pipeline.run import Outcome
from pipeline.verdict_words import Limits

NEARLY_SHOWN = 10
SCHOOLS_SHOWN = 40


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 file`, `2 files`, `1,200 pupils`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def lines(done: Outcome, folder: Path) -> list[str]:
    """A few lines: what was read, refused, checked, flagged, and where to look."""
    told: list[str] = []
    for part in (_ingested(done), _checked(done), _flagged(done), _reported(done)):
        told += part
    told += done.team_notes + _other_terms(done, folder)
    if done.seconds:
        spent = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in done.seconds.items())
        told.append(f"Time: {spent}.")
    return told


def _ingested(done: Outcome) -> list[str]:
    found = done.ingested
    if not found:
        return []
    told = [
        f"Read: {counted(found.loaded, 'file')} loaded "
        f"({counted(found.rows_loaded, 'row')} loaded, {found.rows_rejected:,} rejected, "
        f"{found.rows_skipped:,} skipped), {found.unchanged:,} loaded before, "
        f"{len(found.refused):,} refused."
    ]
    if found.layouts:
        named = ", ".join(f"{name} ({number:,})" for name, number in found.layouts.items())
        told.append(f"  Layouts of the new files: {named}.")
    for reason, files, number in found.set_aside[:NEARLY_SHOWN]:
        told.append(
            f"  Left aside in {counted(files, 'file')}: {number:,} "
            f"{'row or result' if number == 1 else 'rows or results'} ({reason})."
        )
    if found.again:
        told.append(
            f"  {counted(found.again, 'file')} read again from the archive: settings or teams have "
            f"changed, or the warehouse was made anew."
        )
    if found.withdrawn:
        told.append(f"  {counted(found.withdrawn, 'withdrawn file')} left aside.")
    if found.unused_columns:
        told.append(
            f"  {counted(found.unused_columns, 'column')} with headings that no layout knows "
            f"{'was' if found.unused_columns == 1 else 'were'} left aside."
        )
    noted: dict[str, list[int]] = {}
    for file_id, note in found.notes:
        noted.setdefault(note, []).append(file_id)
    for note, ids in list(noted.items())[:NEARLY_SHOWN]:
        where = f"File {ids[0]}" if len(ids) == 1 else f"Files {', '.join(map(str, ids))}"
        told.append(f"  {where}: {note}.")
    for file_id, places in found.unread[:NEARLY_SHOWN]:
        told.append(
            f"  File {file_id}: {'column' if len(places) == 1 else 'columns'} "
            f"{', '.join(map(str, places))} {'looks' if len(places) == 1 else 'look'} like results "
            f"and {'is' if len(places) == 1 else 'are'} not read; `achievement layout FILE` says "
            f"how the file is read."
        )
    for file_id, place, name in found.nearly[:NEARLY_SHOWN]:
        told.append(f"  File {file_id}: column {place} is headed almost like '{name}'; rename it.")
    told += [f"  {note}" for note in found.correction_notes]
    for file_id, why in found.refused.items():
        told.append(f"  Refused: file {file_id}: {why}")
    if found.refused:
        told.append("  Which file has which number: achievement status FOLDER --files")
    return told


def _other_terms(done: Outcome, folder: Path) -> list[str]:
    """Terms with new data whose pages are now out of date, or that come after the one reported."""
    if not done.ingested or not done.report or not done.term:
        return []
    here = done.term.term_no
    others = {
        Term(n): rows
        for n, rows in done.ingested.terms.items()
        if n > here or (n < here and Programme(folder.resolve()).reports(Term(n)).exists())
    }
    return [
        f"New data came also for {term.title} ({counted(rows, 'row')}), whose pages this run did "
        f'not make: achievement run "{folder}" --term {term.label}'
        for term, rows in others.items()
    ]


def _checked(done: Outcome) -> list[str]:
    found = done.verdicts
    if not found:
        return []
    term = done.term.title if done.term else "no term"
    told = [
        f"Checked, {term}: {counted(found.errors, 'error')}, "
        f"{counted(found.warnings, 'warning')}, {counted(found.notes, 'note')} "
        f"by {counted(found.rules, 'rule')}."
    ]
    if found.questions:
        told.append(
            f"  {counted(found.questions, 'question')} to head and data lead, in no fix list."
        )
    shown = [*found.failed, *(g for g in found.gates if g.passed)][:SCHOOLS_SHOWN]
    told += [f"  {_verdict(gate, found.limits)}" for gate in shown]
    if len(shown) < len(found.gates):
        told.append(
            f"  And {counted(len(found.gates) - len(shown), 'other school')}: achievement status "
            f"FOLDER lists each."
        )
    if found.failed and done.report:
        told.append(
            "  Their pages are made, and marked; the folder of each school has its fix list."
        )
    lost = found.unassigned["error"]
    if lost:
        told.append(
            f"  {counted(lost, 'error')} in rows that name no school or term that is known; "
            f"the head of the index lists them."
        )
    return told + [f"  {note}" for note in found.accepted_notes]


def _verdict(gate: Any, limits: Limits) -> str:
    """One line: the verdict on a school, how complete and how accurate its data is."""
    figures = (
        f"results {verdict_words.complete(gate)}; "
        f"pupils without an error {verdict_words.accurate(gate)}"
    )
    to_mend = f"; {counted(gate.errors, 'error')} to mend" if gate.errors else ""
    accepted = f"; {counted(gate.accepted, 'issue')} accepted" if gate.accepted else ""
    if gate.passed:
        return f"School {gate.school_id} passed: {figures}{to_mend}{accepted}."
    why = ", and ".join(verdict_words.why_closed(gate, limits))
    return (
        f"School {gate.school_id} did not pass: {why}. {figures.capitalize()}{to_mend}{accepted}."
    )


def _flagged(done: Outcome) -> list[str]:
    if not done.flagged:
        return []
    words = {
        "on_track": "on track",
        "underachieving": "underachieving",
        "not_assessed": "not assessed",
        "not_comparable": "not comparable",
    }
    parts = [f"{done.flagged.get(code, 0):,} {word}" for code, word in words.items()]
    term = done.term.title if done.term else ""
    return [f"Flagged, {term}, pupils by subjects: {', '.join(parts)}."]


def _reported(done: Outcome) -> list[str]:
    if not done.report:
        return []
    return [
        f"Reported: {counted(done.report.pages, 'page')}. Open this in a browser:",
        f"  {done.report.index}",
    ]


def as_values(done: Outcome) -> dict[str, Any]:
    """The same as values for `--json`."""
    found, verdicts = done.ingested, done.verdicts
    return {
        "run_id": done.run_id,
        "term": done.term.label if done.term else None,
        "exit_code": done.exit_code,
        "files": found
        and {
            "loaded": found.loaded,
            "unchanged": found.unchanged,
            "read_again": found.again,
            "refused": {str(file_id): why for file_id, why in found.refused.items()},
            "rows_loaded": found.rows_loaded,
            "rows_rejected": found.rows_rejected,
            "rows_skipped": found.rows_skipped,
        },
        "accuracy": verdicts
        and {
            "errors": verdicts.errors,
            "warnings": verdicts.warnings,
            "notes": verdicts.notes,
            "questions": verdicts.questions,
            "accepted_notes": verdicts.accepted_notes,
            "schools": [
                {
                    name: getattr(g, name)
                    for name in g.__dataclass_fields__
                    if name not in ("academic_year", "term", "term_no")
                }
                for g in verdicts.gates
            ],
        },
        "statuses": done.flagged or None,
        "pages": done.report.pages if done.report else None,
        "index": str(done.report.index) if done.report else None,
        "seconds": done.seconds,
    }
