"""The small print: how many were flagged and why, and the settings that a result depends on."""

from pipeline.reports import words
from pipeline.reports.html import Block, Table, bullets, heading, panel, paragraph
from pipeline.reports.scope import Scope
from pipeline.reports.source import groups

LADDER = "ladder"
BASIS = {
    "attainment": "attainment: whether the pupil is where the scale expects, whatever the progress",
    "progress": "progress: whether the pupil has made enough progress, wherever the pupil stands",
    "both": "both attainment and progress: whether the pupil is where the scale expects and has "
    "made enough progress",
}


def flagged_shares(scope: Scope) -> Block:
    """How many were flagged, by subject and reason, clear and borderline, of all judged."""
    judged = {c.subject: c.on_track + c.underachieving for c in scope.own_counts}
    lines = []
    for (subject, code), rows in groups(scope.reasons, lambda r: (r.subject, r.reason)).items():
        clear, borderline = sum(r.clear for r in rows), sum(r.borderline for r in rows)
        whole = judged.get(subject, 0)
        part = words.share(clear + borderline, whole)
        lines.append((subject, words.said(words.REASON, code), clear, borderline, whole, part))
    if not lines:
        return paragraph("Nobody was flagged.")
    unsure = words.sentence(scope.borderline)
    columns = ("Subject", "Reason", "Clear", unsure, "Pupils judged", "Share flagged")
    return Table("Pupils flagged, by reason", columns, lines, numbers=(2, 3, 4, 5)).block()


def settings_in_force(scope: Scope) -> Block:
    """The thresholds that a result on the page depends on, and no others."""
    lines = [
        *_which_decides(scope),
        *_scores(scope),
        *_certainty(scope),
        *_progress(scope),
        *_growth(scope),
        *_margins_unknown(scope),
        "Percentages are given from 10 pupils on.",
    ]
    if scope.team_no and any(r.ring for r in scope.venn):
        lines.append(
            f"The Venn diagram shows {words.listed(list(scope.settings.rings))}, by "
            f"{BASIS[scope.settings.venn_basis]}."
        )
    return panel("foot", heading(3, "Settings in force"), bullets(lines))


def _which_decides(scope: Scope) -> list[str]:
    if not scope.several_results:
        return []
    kind = {"teacher": "teacher assessment", "test": "test"}[scope.settings.decides]
    return [f"Decides where there are several results: {kind}."]


def _scores(scope: Scope) -> list[str]:
    settings, lines = scope.settings, []
    line = settings.expected_standard_score
    if any(s.mean_points is not None and s.flag_points == line for s in scope.scales):
        lines.append(
            f"Expected of a standardised score: {words.number(line)} or more (100 is the middle, "
            f"not an expectation)."
        )
    if any(s.scale_kind == "cohort" for s in scope.scales):
        lines.append(
            f"Raw marks are compared where {settings.norm_minimum_pupils} or more pupils sat the "
            f"paper."
        )
    return lines


def _certainty(scope: Scope) -> list[str]:
    """What *clear* means, for tests with a margin of error and for judgements in steps."""
    lines = []
    if any(s.with_certainty for s in scope.scales):
        share = f"{100 * scope.settings.borderline_under:.0f}%"
        lines.append(f"Clear means at least {share} likely to be below.")
    ladders = dict.fromkeys(
        words.within(s.scale_title)
        for s in scope.scales
        if s.scale_kind == LADDER and any(r.reason == "below" for r in scope.reasons)
    )
    if ladders:
        lines.append(
            f"In {words.listed(list(ladders))}, clear means two or more steps under, or that a "
            f"second assessment agrees; borderline means one step under, on one judgement only."
        )
    return lines


def _progress(scope: Scope) -> list[str]:
    """What is more than noise, where some pupil of the page was flagged for progress."""
    if not any(r.reason in ("slow", "drop") for r in scope.reasons):
        return []
    settings = scope.settings
    return [
        f"Progress falls short where it does so by more than noise: on a score more than "
        f"{settings.noise_factor:g} standard errors of the difference between two scores, in steps "
        f"{settings.noise_steps} or more, and on a scale of {settings.few_outcomes} outcomes or "
        f"fewer one step seen in two terms running. It is not judged in the first "
        f"{words.counted(settings.settling_terms, 'term')} after a pupil joins."
    ]


def _growth(scope: Scope) -> list[str]:
    if not any(r.reason == "low_growth" for r in scope.reasons):
        return []
    settings = scope.settings
    return [
        f"Little growth, which is told only beside another reason: fewer than "
        f"{settings.low_growth_under} in 100 pupils with the same earlier scores scored less, and "
        f"even with the errors of the tests fewer than half; {settings.growth_minimum_pupils} or "
        f"more pupils are compared."
    ]


def _margins_unknown(scope: Scope) -> list[str]:
    if not scope.margin_unknown:
        return []
    scored = [s for s in scope.scales if s.scale_kind != LADDER and s.scored]
    by_title = groups(scored, lambda s: words.within(str(s.scale_title)))
    titles = [
        title for title, rows in by_title.items() if any(s.with_margin < s.scored for s in rows)
    ]
    if not titles:
        return []
    return [
        f"No margin of error has been entered for {words.listed(titles)}; the data lead can enter "
        f"it from the test's manual ([[paper]] in the settings)."
    ]
