"""Blocks that every page has: its title, the mark of data not yet safe, and the small print."""

from pipeline.reports import words
from pipeline.reports.html import Block, Table, bullets, heading, panel, paragraph
from pipeline.reports.scope import Scope
from pipeline.reports.source import groups

RULES_SHOWN = 5


def title(scope: Scope) -> Block:
    """School, team, term, when the data came and which issue this is; then the gate's mark."""
    school = scope.school
    about = scope.team if scope.team_no else "Head teacher's summary"
    facts = [
        f"{school.school_name}, {scope.term.title}",
        f"data as at {words.day(school.received_at)}",
        f"issue {scope.issue}",
    ]
    parts = [heading(1, about), paragraph(" · ".join(facts), "facts")]
    if scope.team_no:
        parts.append(paragraph(_classes(scope), "facts"))
    return Block(*parts, _gate_mark(scope))


def _classes(scope: Scope) -> str:
    texts = []
    for name, rows in groups(scope.ask("classes"), lambda r: r.class_name).items():
        years = list(dict.fromkeys(words.year_group(r.year_group) for r in rows))
        teachers = list(dict.fromkeys(r.teacher for r in rows if r.teacher))
        taught = f", {words.listed(teachers)}" if teachers else ""
        pupils = words.counted(sum(r.pupils for r in rows), "pupil")
        texts.append(f"{name} ({words.listed(years)}{taught}): {pupils}")
    return "Classes: " + "; ".join(texts)


def _gate_mark(scope: Scope) -> Block:
    """Nothing where the gate passed; else what has to be mended before the page is relied on."""
    gate = scope.gate
    if gate is None:
        return panel("note", paragraph("These data have not been checked for accuracy."))
    if gate.passed:
        return Block()
    wrong = [r for r in scope.ask("rules") if r.severity == "error"][:RULES_SHOWN]
    found = [f"“{r.title}” is broken {_times(r.rows_failed)}. {r.fix}" for r in wrong]
    return panel(
        "banner",
        heading(2, f"Not yet safe to rely on: {words.counted(gate.errors, 'error')} to mend"),
        paragraph(
            "The school's data have errors, so some pupils may stand in the wrong place on this "
            "page. What to mend first:"
        ),
        bullets(found),
    )


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def cautions(scope: Scope) -> Block:
    """What a reader must know of year groups in which most pupils are below."""
    years = {r.year_group for r in scope.pupils} if scope.team_no else None
    texts = [
        f"{words.year_group(r.year_group)}, {r.subject}: {r.pupils} of {r.of_pupils} pupils are "
        f"below what the scale “{r.scale_title}” expects. When most of a year group is below, the "
        f"school may mean its outcomes as the standard for the end of the key stage. The data "
        f"lead can set that (the school's “meaning” in the settings)."
        for r in scope.ask("cautions")
        if r.caution_code == "most_below" and (years is None or r.year_group in years)
    ]
    if not texts:
        return Block()
    return panel("note", heading(2, "Read these figures with care"), bullets(texts))


def flagged_shares(scope: Scope) -> Block:
    """How many were flagged, by subject and reason, clear and borderline, of all judged."""
    judged = {c.subject: c.on_track + c.underachieving for c in scope.own_counts}
    mine = [r for r in scope.ask("reasons") if not scope.team_no or r.team == scope.team]
    lines = []
    for (subject, code), rows in groups(mine, lambda r: (r.subject, r.reason)).items():
        clear, borderline = sum(r.clear for r in rows), sum(r.borderline for r in rows)
        whole = judged.get(subject, 0)
        part = words.share(clear + borderline, whole)
        lines.append((subject, words.said(words.REASON, code), clear, borderline, whole, part))
    if not lines:
        return paragraph("Nobody was flagged.")
    columns = ("Subject", "Reason", "Clear", "Borderline", "Pupils judged", "Share flagged")
    return Table("Pupils flagged, by reason", columns, lines, numbers=(2, 3, 4, 5)).block()


def settings_in_force(scope: Scope) -> Block:
    """The thresholds that the page was made with."""
    s = scope.settings
    kind = {"teacher": "teacher assessment", "test": "test"}[s.decides]
    lines = [
        f"Decides where there are several results: {kind}.",
        f"Expected of a standardised score: {words.number(s.expected_standard_score)} or more "
        f"(100 is the middle, not an expectation).",
        f"A flag is clear from a certainty of {100 * s.borderline_under:.0f}%, borderline under "
        f"it.",
        f"The Venn diagram shows {words.listed(list(s.rings))}, by {s.venn_basis}: whether the "
        f"pupil is where the scale expects, whatever the progress.",
        f"A mark without published norms is compared where {s.norm_minimum_pupils} or more "
        f"pupils sat the paper.",
        "Percentages are given from 10 pupils on.",
    ]
    return panel("foot", heading(3, "Settings in force"), bullets(lines + _errors_unknown(scope)))


def _errors_unknown(scope: Scope) -> list[str]:
    if not scope.team_no:
        return []
    scored = [r for r in scope.pupils if r.points is not None]
    by_scale = sorted(groups(scored, lambda r: str(r.scale_title)).items())
    titles = [scale for scale, rows in by_scale if all(r.standard_error is None for r in rows)]
    if not titles:
        return []
    return [
        f"No error of measurement is published for: {', '.join(titles)}. There a flag "
        f"is clear only when the outcome is two or more steps under, or a second assessment agrees."
    ]
