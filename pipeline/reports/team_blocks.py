"""Blocks of an Achievement Team's page: counts, pupils subject by subject, and who moved."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from pipeline.reports import pupil_words, words
from pipeline.reports.html import Block, Table, bullets, heading, paragraph
from pipeline.reports.scope import Scope
from pipeline.reports.source import Rows, groups

Column = tuple[str, Callable[[Any], str]]
PUPIL: Column = ("Pupil", pupil_words.pupil)
CLASS: Column = ("Class", lambda r: str(r.class_name))
YEAR: Column = ("Year", lambda r: words.year_group(r.year_group).replace(" ", "\N{NO-BREAK SPACE}"))
SUBJECT: Column = ("Subject", lambda r: str(r.subject))
OUTCOME: Column = ("Outcome", pupil_words.outcome)
EXPECTED: Column = ("Expected", pupil_words.expected)
GAP: Column = ("How far", pupil_words.gap)
SURE: Column = ("How sure", lambda r: str(r.certainty_band))
CHANGE: Column = ("Change", pupil_words.change)
NOTES: Column = ("Notes", pupil_words.notes)
TARGET: Column = ("Own target", pupil_words.target)


def pupil_table(caption: str, rows: Rows, *columns: Column) -> Block:
    """A table of pupils, one card a pupil on a narrow screen; nothing where there are none."""
    if not rows:
        return Block()
    lines = [[show(row) for _, show in columns] for row in rows]
    heads = [name for name, _ in columns]
    return Table(caption.format(n=len(rows)), heads, lines, cards=True).block()


def at_a_glance(scope: Scope) -> Block:
    """Every pupil on roll once in each subject's row."""
    columns = {
        "on_track": "On track",
        "underachieving": "Under\N{SOFT HYPHEN}achieving",
        "clear": "of these clear",
        "borderline": "of these borderline",
        "not_assessed": "Not assessed",
        "not_comparable": "Not comparable",
        "not_due": "Not due",
        "on_roll": "On roll",
    }
    if not any(row.not_due for row in scope.own_counts):
        del columns["not_due"]
    lines = [[row.subject, *(getattr(row, c) for c in columns)] for row in scope.own_counts]
    heads = ["Subject", *columns.values()]
    sums = "on track + underachieving + not assessed + not comparable" + (
        " + not due" if "not_due" in columns else ""
    )
    return Block(
        Table("Pupils by subject", heads, lines, range(1, len(heads)), cards=True).block(),
        paragraph(f"Nobody is left out: {sums} = pupils on roll.", "quiet"),
    )


def by_subject(scope: Scope) -> Block:
    """For each subject, the pupils who are not plainly on track, each list apart."""
    if not scope.pupils:
        return paragraph("No subject is due for this team this term.")
    parts = []
    for subject, rows in groups(scope.pupils, lambda r: r.subject).items():
        lists = _lists(rows) or paragraph("Every pupil is on track.")
        parts.append(Block(heading(3, str(subject).capitalize()), lists))
    return Block(*parts)


def _lists(rows: Rows) -> Block:
    """Pupils judged by their own steps come apart, and those new to English too."""
    own = [r for r in rows if r.own_steps]
    rest = [r for r in rows if not r.own_steps]
    under = [r for r in rest if r.status == "underachieving"]
    english = [r for r in under if r.new_to_english]
    parts = []
    for (attainment, progress), name in words.PROFILE.items():
        for band in ("clear", "borderline"):
            these = [
                r
                for r in under
                if not r.new_to_english
                and (r.attainment_status, r.progress_status) == (attainment, progress)
                and r.certainty_band == band
            ]
            parts.append(_by_scale(f"{name}, {band}", these))
    parts.append(_by_scale("Below, and new to English", english))
    differ = [r for r in rest if r.status == "on_track" and r.assessments_differ]
    caption = "On track, but another assessment of this term says below ({n})"
    parts.append(pupil_table(caption, differ, PUPIL, CLASS, YEAR, OUTCOME, EXPECTED, CHANGE))
    caption = "Own steps: judged by the pupil's own small steps and target ({n})"
    parts.append(pupil_table(caption, own, PUPIL, CLASS, YEAR, OUTCOME, TARGET))
    absent = [r for r in rest if r.status == "not_assessed"]
    why: Column = ("Why", pupil_words.why_not_assessed)
    parts.append(pupil_table("Not assessed ({n})", absent, PUPIL, CLASS, YEAR, why, CHANGE))
    unlike = [r for r in rest if r.status == "not_comparable"]
    why = ("Why", pupil_words.why_not_comparable)
    caption = "Assessed, but not comparable ({n})"
    parts.append(pupil_table(caption, unlike, PUPIL, CLASS, YEAR, OUTCOME, why))
    return Block(*parts)


def _by_scale(caption: str, rows: Rows) -> Block:
    """A list for each scale, the furthest below first."""
    columns = (PUPIL, CLASS, YEAR, OUTCOME, EXPECTED, GAP, CHANGE, NOTES)
    return Block(
        *(
            pupil_table(
                f"{caption} ({{n}}), by {_plain(scale)}",
                sorted(these, key=pupil_words.gap_size, reverse=True),
                *columns,
            )
            for scale, these in sorted(groups(rows, lambda r: str(r.scale_title)).items())
        )
    )


def _plain(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def moved(scope: Scope) -> Block:
    """Who became underachieving, who is on track again, and who was and has no result now."""
    lists = {
        "new": "New this term: underachieving now, on track last time ({n})",
        "recovered": "On track again: underachieving last time ({n})",
        "not_seen": "Underachieving last time, no comparable result now: stays on the list ({n})",
    }
    tables = [
        pupil_table(
            caption,
            [r for r in scope.pupils if r.change == change],
            *(PUPIL, CLASS, YEAR, SUBJECT, OUTCOME, EXPECTED),
        )
        for change, caption in lists.items()
    ]
    found = Counter(r.change for r in scope.pupils)
    others = [
        f"{words.counted(found[code], 'result')}: {text}"
        for code, text in words.CHANGE.items()
        if code not in lists and found[code]
    ]
    if not any(tables):
        tables.append(paragraph("Nobody has moved into or out of the list."))
    rest = [paragraph("The other results of the team:", "quiet"), bullets(others)]
    return Block(*tables, *(rest if others else []))
