"""Blocks at the top of every page: its title, the mark of data not yet safe, and cautions."""

from pipeline import verdict_words
from pipeline.reports import words
from pipeline.reports.html import Block, bullets, heading, panel, paragraph
from pipeline.reports.scope import Scope
from pipeline.reports.source import groups
from pipeline.reports.text import name as cut
from pipeline.reports.verdict_blocks import verdict

RULES_SHOWN = 5


def title(scope: Scope) -> Block:
    """School, team, term, when the data came and which issue this is; then the gate's mark."""
    school = scope.school
    about = cut(scope.team) if scope.team_no else "Head teacher's summary"
    facts = [
        f"{school.school_name}, {scope.term.title}",
        f"data as at {words.day(school.received_at)}",
        f"issue {scope.issue}",
    ]
    parts = [
        heading(1, about),
        paragraph(
            f"Confidential: names pupils. For staff of {school.school_name} only; not for display "
            f"or e-mail.",
            "confidential",
        ),
        paragraph(" · ".join(facts), "facts"),
    ]
    if scope.team_no:
        parts.append(paragraph(_classes(scope), "facts"))
    return Block(*parts, _not_loaded(scope), _gate_mark(scope), verdict(scope))


def _not_loaded(scope: Scope) -> Block:
    """That pupils of the school are missing, where rows of its roll could not be read."""
    if not scope.not_loaded:
        return Block()
    rows = words.counted(scope.not_loaded, "row")
    whose = "that pupil is" if scope.not_loaded == 1 else "those pupils are"
    where = " or on another team's page" if scope.team_no else ""
    return panel(
        "note",
        paragraph(f"{rows} of the school's roll could not be loaded; {whose} missing here{where}."),
    )


def _classes(scope: Scope) -> str:
    texts = []
    for name, rows in groups(scope.ask("classes"), lambda r: r.class_name).items():
        years = list(dict.fromkeys(words.year_group(r.year_group) for r in rows))
        teachers = list(dict.fromkeys(cut(r.teacher) for r in rows if r.teacher))
        taught = f", {words.listed(teachers)}" if teachers else ""
        pupils = words.counted(sum(r.pupils for r in rows), "pupil")
        texts.append(f"{cut(name)} ({words.listed(years)}{taught}): {pupils}")
    return "Classes: " + "; ".join(texts)


def _gate_mark(scope: Scope) -> Block:
    """Nothing where the gate passed; else what has to be mended before the page is relied on."""
    gate = scope.gate
    if gate is None:
        return panel("note", paragraph("These data have not been checked for accuracy."))
    if gate.passed:
        return Block()
    if scope.team_no:
        are = "is" if gate.errors == 1 else "are"
        mended = (
            f"{words.counted(gate.errors, 'error')} in the school's data {are} being put right "
            f"(the list is on the head teacher's page)."
            if gate.errors
            else "Results are missing from the school's data."
        )
        return panel(
            "banner",
            heading(2, "Not yet safe to rely on"),
            paragraph(
                f"{mended} Check a surprising result against your own records before you act on it."
            ),
        )
    wrong = [r for r in scope.ask("rules") if r.severity == "error"][:RULES_SHOWN]
    found = [f"“{r.title}” is broken {_times(r.rows_failed)}. {r.fix}" for r in wrong]
    why = "; ".join(verdict_words.why_closed(gate, scope.limits))
    return panel(
        "banner",
        heading(2, _headline(gate.errors)),
        paragraph(
            f"{words.sentence(why)}. So some pupils may stand in the wrong place on these pages, "
            f"or be missing from them.{' What to mend first:' if found else ''}"
        ),
        bullets(found),
    )


def _headline(errors: int) -> str:
    to_mend = f": {words.counted(errors, 'error')} to mend" if errors else ""
    return f"Not yet safe to rely on{to_mend}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def cautions(scope: Scope) -> Block:
    """What a reader must know of year groups in which most pupils are below."""
    years = {r.year_group for r in scope.pupils} if scope.team_no else None
    texts = [
        words.caution(r)
        for r in scope.ask("cautions")
        if r.caution_code == "most_below" and (years is None or r.year_group in years)
    ]
    if not texts:
        return Block()
    return panel("note", heading(2, "Read these figures with care"), bullets(texts))
