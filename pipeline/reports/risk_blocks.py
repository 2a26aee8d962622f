"""Block of a team's page: risk of being below at the next summer, with what came of last year's.

Only where the settings ask for it, and of a subject and year group only where it came true.
"""

from typing import Any

from pipeline.reports import words
from pipeline.reports.html import Block, Table, heading, paragraph
from pipeline.reports.scope import Scope
from pipeline.reports.source import Rows, groups
from pipeline.reports.team_blocks import CLASS, PUPIL, YEAR, Column, pupil_table

NOW = {"below": "below", "at_expectation": "at or above"}
LEAST_TOLD = 10


def risk(scope: Scope) -> Block:
    """Each pupil's risk, highest first, and what last year's pupils were told and became."""
    if not scope.settings.risk.shown:
        return Block()
    told = {(r.pupil_id, r.subject): r for r in scope.ask("risks")}
    head = heading(2, "Risk of being below at the next summer")
    if not told:
        return Block(
            head,
            paragraph(
                f"Risks were not worked out for {scope.term.title}. The data lead can make them: "
                f"achievement run FOLDER --term {scope.term.label}"
            ),
        )
    tenths = groups(scope.ask("risk_tenths"), lambda r: (r.subject, r.year_group))
    parts = [
        head,
        paragraph(
            "How many of ten pupils with the same earlier results were below what is expected at "
            "the next summer. It is made from results only, of earlier pupils in all schools; it "
            "knows nothing of what a teacher knows, and nothing of what will be done. It is a "
            "question (what would keep this pupil out of that number?) and no forecast."
        ),
    ]
    for subject, rows in groups(scope.pupils, lambda r: r.subject).items():
        parts.append(_subject(scope, subject, rows, told, tenths))
    return Block(*parts)


def _subject(scope: Scope, subject: str, rows: Rows, told: Any, tenths: Any) -> Block:
    """Pupils with a risk from earlier pupils, then from the test alone; who has none and why."""
    parts = [heading(3, words.sentence(subject))]

    def basis(row: Any) -> str:
        found = told.get((row.pupil_id, row.subject))
        return found.basis if found else "not_known"

    def share(row: Any) -> float:
        return float(told[row.pupil_id, row.subject].risk)

    at_risk: Column = ("Risk", lambda r: _in_words(share(r)))
    now: Column = ("Now", lambda r: words.said(NOW, r.attainment_status))
    by_year = groups(rows, lambda r: (r.year_position, r.year_group))
    for year, ours in sorted(by_year.items()):
        name = words.year_group(year[1])
        from_history = [r for r in ours if basis(r) == "history"]
        its = tenths.get((subject, year[1]), [])
        if from_history and its and its[0].good_enough:
            ordered = sorted(from_history, key=share, reverse=True)
            columns = (PUPIL, CLASS, YEAR, now, at_risk)
            parts.append(pupil_table(f"{name}: risk in {subject} ({{n}})", ordered, *columns))
            parts.append(_last_year(name, subject, its))
        elif from_history:
            parts.append(paragraph(f"{name}: {_why_not_shown(scope, its)}"))
        alone = [r for r in ours if basis(r) == "sem"]
        parts.append(_from_test_alone(scope, name, alone, share))
        unknown = len(ours) - len(from_history) - len(alone)
        if unknown:
            text = (
                f"{name}: of {words.counted(unknown, 'pupil')} the risk is not known (own steps, "
                f"no result, or too few earlier pupils to learn from and no margin of error)."
            )
            parts.append(paragraph(text, "quiet"))
    return Block(*parts)


def _in_words(share: float) -> str:
    """`72%: about 7 in 10`; near the ends, where tenths say little, of a hundred."""
    percent = min(max(round(100 * share), 1), 99)
    if 10 <= percent <= 90:
        return f"{percent}%: about {(percent + 5) // 10} in 10"
    return f"{percent}%: about {percent} in 100"


def _last_year(name: str, subject: str, tenths: Rows) -> Block:
    """Of the pupils who last year were given 70 to 80 %, how many were below."""
    lines = [
        (
            f"{10 * t.tenth}–{10 * t.tenth + 10}%",
            t.pupils if t.pupils >= LEAST_TOLD else f"under {LEAST_TOLD}",
            t.pupils_below if t.pupils >= LEAST_TOLD else "–",
        )
        for t in tenths
    ]
    by = "of earlier years" if tenths[0].tested_on == "earlier_years" else "of the same year too"
    caption = f"{name} {subject} last year: how many of those given a risk were below"
    # The highest tenth with pupils enough: there it matters most that the figure can be believed.
    high = max((t for t in tenths if t.pupils >= LEAST_TOLD), key=lambda t: t.tenth, default=None)
    example = (
        f"Of the {high.pupils} pupils of all schools who last year would have been given "
        f"{10 * high.tenth}–{10 * high.tenth + 10}%, {high.pupils_below} were below. "
        if high
        else ""
    )
    return Block(
        paragraph(
            f"{example}Each of these figures comes from pupils of other schools, {by}. On average "
            f"what would have been said and what came lay {tenths[0].calibration_error:.3f} apart."
        ),
        Table(caption, ("Given", "Pupils", "Were below"), lines, numbers=(1, 2)).block(),
    )


def _why_not_shown(scope: Scope, tenths: Rows) -> str:
    """Why a risk that there is stays off the page."""
    limits = scope.settings.risk
    if not tenths:
        return (
            "no risk is shown, because it could not be tried on last year's pupils: too few of "
            "other schools to learn from."
        )
    if tenths[0].pupils_tested < limits.least_tested:
        return (
            f"no risk is shown, because it could be tried on only "
            f"{words.counted(tenths[0].pupils_tested, 'pupil')} of last year; "
            f"{limits.least_tested} are needed."
        )
    return (
        f"no risk is shown, because last year what pupils would have been told and what came lay "
        f"{tenths[0].calibration_error:.3f} apart on average; {limits.most_calibration_error:g} is "
        f"the most allowed. With {tenths[0].pupils_tested} pupils, "
        f"{tenths[0].error_by_chance:.3f} would be chance alone."
    )


def _from_test_alone(scope: Scope, name: str, rows: Rows, share: Any) -> Block:
    """Those not flagged who may well be below: of the others the flag says how sure it is."""
    if not rows:
        return Block()
    least = 1 - scope.settings.borderline_under
    unsure = [r for r in rows if r.attainment_status != "below" and share(r) >= least]
    columns: tuple[Column, ...] = (
        *(PUPIL, CLASS, YEAR),
        ("Truly below now", lambda r: _in_words(share(r))),
    )
    return Block(
        paragraph(
            f"{name}: too few earlier pupils to learn from, so what will be in summer is not known "
            f"of {words.counted(len(rows), 'pupil')}. The margin of error of the test says only "
            f"how likely it is that a pupil is truly below now; that has not been tried on last "
            f"year's pupils. For those below it stands beside the reason, above."
        ),
        pupil_table(
            f"{name}: at or above what is expected, but truly below with {100 * least:.0f}% or "
            f"more ({{n}})",
            sorted(unsure, key=share, reverse=True),
            *columns,
        ),
    )
