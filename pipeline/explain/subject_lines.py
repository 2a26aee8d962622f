"""One subject explained: status, reasons, results, what is expected, progress, earlier terms."""

from typing import Any

from pipeline.explain.facts import Facts, Rows
from pipeline.explain.progress_lines import progress_lines
from pipeline.explain.result_lines import expected_lines, gives_way, named, result
from pipeline.explain.sheet import Sheet
from pipeline.reports import pupil_words, words
from pipeline.reports.sentences import sentence
from pipeline.reports.text import name as cut


def subject_lines(sheet: Sheet, facts: Facts, status: Any) -> None:
    """All of a subject that is due, from its row of the team's page."""
    subject, compared = status.subject, facts.compared[status.subject]
    of_subject: dict[str, Rows] = {
        name: [row for row in rows if row.subject == subject]
        for name, rows in (
            ("reasons", facts.reasons),
            ("results", facts.results),
            ("replaced", facts.replaced),
            ("earlier", facts.earlier),
            ("cautions", facts.cautions),
        )
    }
    sheet.gap()
    sheet.say(f"{subject.upper()}: {_headline(status)}")
    sheet.say("Why", 2)
    _why(sheet, facts, status, of_subject["reasons"])
    _results(sheet, of_subject["results"], of_subject["replaced"])
    if subject in facts.expected:
        sheet.say("What is expected", 2)
        for text in expected_lines(facts.expected[subject], status.own_steps):
            sheet.say(text, 4)
    sheet.say("Progress and target", 2)
    for text in progress_lines(compared, sheet):
        sheet.say(text, 4)
    sheet.say("Earlier terms", 2)
    _earlier(sheet, status, of_subject["earlier"])
    notes = [words.sentence(pupil_words.notes(status))] if pupil_words.notes(status) != "–" else []
    notes += [words.caution(row) for row in of_subject["cautions"]]
    if notes:
        sheet.say("To know", 2)
        for text in notes:
            sheet.say(text, 4)


def _headline(status: Any) -> str:
    parts = [words.STATUS[status.status]]
    profile = words.PROFILE.get((status.attainment_status, status.progress_status))
    if status.status == "underachieving" and profile:
        parts.append(words.within(profile))
    if status.own_steps:
        parts.append("on own steps")
    return f"{', '.join(parts)}. Change: {words.CHANGE[status.change]}."


def _why(sheet: Sheet, facts: Facts, status: Any, reasons: Rows) -> None:
    for row in reasons:
        sheet.say(sentence(row, cut(facts.pupil.forename or "")), 4)
        sheet.say(_figures(row, sheet), 6)
    if reasons and "below" in {row.reason for row in reasons}:
        sheet.say(f"How far: {pupil_words.gap(status)}.", 4)
    if status.status == "on_track" and not status.own_steps:
        sheet.say("At or above what is expected, and no reason holds.", 4)
    elif status.status == "on_track":
        sheet.say("Progress is enough, or the pupil's own target is met, and no reason holds.", 4)
    elif status.status == "not_assessed":
        sheet.say(f"{words.sentence(pupil_words.why_not_assessed(status))}.", 4)
    elif status.status == "not_comparable" and status.own_steps and status.outcome is not None:
        sheet.say("On own steps, and neither progress nor an own target could be judged.", 4)
    elif status.status == "not_comparable":
        sheet.say(f"{words.sentence(pupil_words.why_not_comparable(status))}.", 4)


def _figures(row: Any, sheet: Sheet) -> str:
    """The row of `progress.flag` as it stands."""
    figures = {
        "value": row.value,
        "expected": row.expected,
        "baseline": row.baseline,
        "certainty": row.certainty,
        "n": row.n,
    }
    told = [f"{name} {figure(value)}" for name, value in figures.items() if value is not None]
    if row.certainty is None:
        told.append("certainty not known")
    return (
        f"{row.reason}: {', '.join([*told, row.certainty_band])}; {sheet.at(row.file_id, row.line)}"
    )


def figure(value: float) -> str:
    """At most two decimals."""
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".")


def _results(sheet: Sheet, results: Rows, replaced: Rows) -> None:
    deciding = [row for row in results if row.decides and row.seen]
    sheet.say("Result that decides" if deciding else "No result decides", 2)
    for row in deciding:
        sheet.say(result(row, sheet), 4)
    others = [row for row in results if row not in deciding]
    if others or replaced:
        sheet.say("Other results of the term", 2)
    for row in others:
        sheet.say(result(row, sheet), 4)
        sheet.say(gives_way(row), 6)
    for row in replaced:
        by = sheet.at(row.replaced_by_file_id, None)
        place = sheet.at(row.file_id, row.line)
        sheet.say(f"{place}: replaced or withdrawn by {by}.", 4)


def _earlier(sheet: Sheet, status: Any, earlier: Rows) -> None:
    if not earlier:
        sheet.say("none", 4)
    for row in earlier:
        if row.outcome is None:
            told = pupil_words.why_not_assessed(row)
            place = f", {sheet.at(row.file_id, row.line)}" if row.file_id is not None else ""
        else:
            other = row.scale != status.scale or row.assessment_kind != status.assessment_kind
            told = pupil_words.outcome(row) + (f" ({named(row)})" if other else "")
            place = f", {sheet.at(row.file_id, row.line)}"
        reasons = f" ({row.reasons.replace(',', ', ')})" if row.reasons else ""
        sheet.say(
            f"{words.term(row.term_no)}: {words.STATUS[row.status]}{reasons}; {told}{place}", 4
        )
