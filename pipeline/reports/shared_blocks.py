"""Blocks that every page has: its title, the mark of data not yet safe, and the small print."""

from pipeline.reports import words
from pipeline.reports.html import Block, Table, bullets, heading, panel, paragraph
from pipeline.reports.scope import Scope

RULES_SHOWN = 5


def title(scope: Scope) -> Block:
    """School, team, term, when the data came and which issue this is; then the gate's mark."""
    school = scope.school
    about = scope.team if scope.team_no else "Head teacher's summary"
    facts = [
        f"{school['school_name']}, {scope.term.title}",
        f"data as at {words.day(school['received_at'])}",
        f"issue {scope.issue}",
    ]
    parts = [heading(1, about), paragraph(" · ".join(facts), "facts")]
    if scope.team_no:
        parts.append(paragraph(_classes(scope), "facts"))
    return Block(*parts, gate_mark(scope))


def _classes(scope: Scope) -> str:
    rows = scope.ask("classes")
    texts = []
    for name, group in rows.groupby("class_name", sort=False):
        years = list(dict.fromkeys(words.year_group(y) for y in group["year_group"]))
        teachers = list(dict.fromkeys(group["teacher"].dropna()))
        taught = f", {words.listed(teachers)}" if teachers else ""
        pupils = words.counted(int(group["pupils"].sum()), "pupil")
        texts.append(f"{name} ({words.listed(years)}{taught}): {pupils}")
    return "Classes: " + "; ".join(texts)


def gate_mark(scope: Scope) -> Block:
    """Nothing where the gate passed; else what has to be mended before the page is relied on."""
    gate = scope.gate
    if gate is None:
        return panel(
            "note", paragraph("These data have not been checked for accuracy in this run.")
        )
    if gate.passed:
        return Block()
    rules = scope.ask("rules")
    wrong = rules[rules["severity"] == "error"].head(RULES_SHOWN)
    found = [f"{r.title}: {r.rows_failed:,}. {r.fix}" for r in wrong.itertuples()]
    number = words.counted(int(gate.errors), "error")
    return panel(
        "banner",
        heading(2, f"Not yet safe to rely on: {number} to mend"),
        paragraph(
            "The data of this school have errors, so some pupils may stand in the wrong place on "
            "this page. What to mend first:"
        ),
        bullets(found),
    )


def cautions(scope: Scope) -> Block:
    """What a reader must know of year groups in which most pupils are below."""
    rows = scope.ask("cautions")
    if scope.team_no:
        rows = rows[rows["year_group"].isin(set(scope.pupils["year_group"]))]
    texts = [
        f"{words.year_group(r.year_group)}, {r.subject}: {r.pupils} of {r.of_pupils} pupils are "
        f"below what the scale “{r.scale_title}” expects. When most of a year group is below, the "
        f"school may mean its outcomes as the standard for the end of the key stage. The data "
        f"lead can set that (the school's “meaning” in the settings)."
        for r in rows[rows["caution_code"] == "most_below"].itertuples()
    ]
    if not texts:
        return Block()
    return panel("note", heading(2, "Read these figures with care"), bullets(texts))


def flagged_shares(scope: Scope) -> Block:
    """How many were flagged, by subject and reason, clear and borderline, of all judged."""
    rows = scope.ask("reasons")
    level = "team" if scope.team_no else "school"
    counts = scope.counts[scope.counts["level"] == level]
    if scope.team_no:
        rows = rows[rows["team"] == scope.team]
        counts = counts[counts["team"] == scope.team]
    judged = {c.subject: int(c.on_track + c.underachieving) for c in counts.itertuples()}
    summed = rows.groupby(["subject_position", "subject", "reason"], as_index=False).sum(
        numeric_only=True
    )
    lines = []
    for r in summed.itertuples():
        whole = judged.get(r.subject, 0)
        clear, borderline = int(r.clear), int(r.borderline)
        part = words.share(clear + borderline, whole)
        reason = words.said(words.REASON, r.reason)
        lines.append((r.subject, reason, clear, borderline, whole, part))
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
        "Percentages are given from 10 pupils on.",
    ]
    return panel("foot", heading(3, "Settings in force"), bullets(lines + _errors_unknown(scope)))


def _errors_unknown(scope: Scope) -> list[str]:
    if not scope.team_no or scope.pupils.empty:
        return []
    rows = scope.pupils[scope.pupils["points"].notna()]
    unknown = rows.groupby("scale_title")["standard_error"].apply(lambda e: e.isna().all())
    titles = sorted(str(t) for t in unknown.index[unknown])
    if not titles:
        return []
    return [
        f"No error of measurement is published for {words.listed(titles)}. There a flag is clear "
        f"when the outcome is two or more steps under, or when a second assessment agrees."
    ]
