"""Can the data be relied on: the verdict at the head of every page, and over the terms."""

from typing import Any

from pipeline import verdict_words
from pipeline.reports import names, words
from pipeline.reports.html import Block, Table, link, paragraph
from pipeline.reports.scope import Scope
from pipeline.reports.source import groups
from pipeline.reports.text import name as cut

TERMS_SHOWN = 6


def verdict(scope: Scope) -> Block:
    """How complete and how accurate the data is, beside what is needed and the term before."""
    gate, before, limits = scope.gate, scope.gate_before, scope.limits
    if gate is None:
        return Block()
    sound = verdict_words.limit(1 - limits.pupils_with_errors)
    there = verdict_words.limit(limits.results_accounted_for)
    lines = [
        ("Results due that are there", *_both(verdict_words.complete, gate, before), there),
        ("Pupils without an error", *_both(verdict_words.accurate, gate, before), sound),
        (
            "Errors of a whole file, class or year group",
            *_both(lambda g: f"{g.whole_errors:,}", gate, before),
            "none",
        ),
        ("The data", *_both(_passed, gate, before), "–"),
    ]
    earlier = words.term(scope.term.term_no - 1).capitalize()
    columns = ("What is checked", "This term", earlier, "Needed")
    return Table("How far these data can be relied on", columns, lines, cards=True).block()


def _both(say: Any, gate: Any, before: Any) -> tuple[str, str]:
    return say(gate), "–" if before is None else say(before)


def _passed(gate: Any) -> str:
    return "passed the check" if gate.passed else "not yet safe to rely on"


def accuracy(scope: Scope) -> Block:
    """Why the gate is closed, what the school accepts, the fix list, the verdicts over terms."""
    gate = scope.gate
    if gate is None:
        return Block()
    told = ["The data passed the accuracy check."]
    if not gate.passed:
        why = "; ".join(verdict_words.why_closed(gate, scope.limits))
        told = [f"The data did not pass: {why}."]
    if gate.errors:
        told.append(f"{words.counted(gate.errors, 'error')} to mend, listed further down.")
    if gate.accepted:
        told.append(f"The school accepts {words.counted(gate.accepted, 'issue')}.")
    address = names.FIX_LIST_PAGE
    return Block(
        paragraph(" ".join(told)),
        Block(f"<p>{link(address, 'The fix list').html} is the page to hand to the office.</p>"),
        _over_terms(scope),
    )


def _over_terms(scope: Scope) -> Block:
    if len(scope.verdicts) < 2:
        return Block()
    lines = [
        (
            words.term(v.term_no).capitalize(),
            verdict_words.complete(v),
            verdict_words.accurate(v),
            f"{v.errors:,}",
            f"{v.warnings:,}",
            _passed(v),
        )
        for v in scope.verdicts[-TERMS_SHOWN:]
    ]
    columns = (
        *("Term", "Results due that are there", "Pupils without an error"),
        *("Errors", "Warnings", "The data"),
    )
    return Table("The data over the terms", columns, lines, numbers=(3, 4), cards=True).block()


def questions(scope: Scope) -> Block:
    """What head teacher and data lead may ask; nothing here has to be an error."""
    found = [r for r in scope.ask("issues") if r.audience != "fix list" and not r.accepted]
    if not found:
        return paragraph("The data of this term raise no question.")
    parts = [
        paragraph(
            "What follows need not be wrong, and it counts against nobody. It is here because it "
            "is seldom seen in sound data. Ask before you conclude; it stands in no fix list."
        )
    ]
    for title, rows in groups(found, lambda r: r.title).items():
        lines = [(_about(r), r.message, r.fix) for r in rows]
        parts.append(Table(title, ("About", "What was found", "What to ask"), lines).block())
    return Block(*parts)


def _about(row: Any) -> str:
    parts = [row.subject, row.class_name and f"class {cut(row.class_name)}"]
    return ", ".join(filter(None, parts)) or "the school"
