"""Blocks of an Achievement Team's page: counts, pupils subject by subject, and who moved."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from pipeline.reports import pupil_words, words
from pipeline.reports.html import Block, Table, bullets, folded, heading, paragraph
from pipeline.reports.reading_blocks import marks_are_ranked
from pipeline.reports.scope import Scope
from pipeline.reports.source import Rows, groups
from pipeline.reports.text import name as cut

Column = tuple[str, Callable[[Any], str]]
PUPIL: Column = ("Pupil", pupil_words.pupil)
CLASS: Column = ("Class", lambda r: cut(str(r.class_name)))
YEAR: Column = ("Year", lambda r: words.year_group(r.year_group).replace(" ", "\N{NO-BREAK SPACE}"))
SUBJECT: Column = ("Subject", lambda r: str(r.subject))
OUTCOME: Column = ("Outcome", pupil_words.outcome)
EXPECTED: Column = ("Expected", pupil_words.expected)
GAP: Column = ("How far", pupil_words.gap)
SURE: Column = ("How sure", pupil_words.sure)
CHANGE: Column = ("Change", pupil_words.change)
NOTES: Column = ("Notes", pupil_words.notes)
TARGET: Column = ("Own target", pupil_words.target)


BELOW = (PUPIL, CLASS, YEAR, OUTCOME, EXPECTED, GAP)


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
        "borderline": f"of these {scope.borderline}",
        "own_steps": "Own steps",
        "not_assessed": "Not assessed",
        "not_comparable": "Not comparable",
        "not_due": "Not due",
        "on_roll": "On roll",
    }
    if not any(row.not_due for row in scope.own_counts):
        del columns["not_due"]
    lines = [[row.subject, *(getattr(row, c) for c in columns)] for row in scope.own_counts]
    heads = ["Subject", *columns.values()]
    sums = "on track + underachieving + not assessed + not comparable + own steps" + (
        " + not due" if "not_due" in columns else ""
    )
    nobody = "Nobody who was loaded is left out" if scope.not_loaded else "Nobody is left out"
    return Block(
        Table("Pupils by subject", heads, lines, range(1, len(heads)), cards=True).block(),
        paragraph(f"{nobody}: {sums} = pupils on roll.", "quiet"),
        marks_are_ranked(scope),
        paragraph(
            "Underachieving here means that the result is below what is expected of the year "
            "group, that progress is too little, or that the pupil's own target is missed. It says "
            "nothing about effort."
        ),
    )


def by_subject(scope: Scope) -> Block:
    """For each subject, the pupils who are not plainly on track, each list apart."""
    parts = []
    for subject, rows in groups(scope.pupils, lambda r: r.subject).items():
        lists = _lists(scope, rows) or paragraph("Every pupil is on track.")
        parts.append(Block(heading(3, str(subject).capitalize()), lists))
    return Block(*parts)


def _lists(scope: Scope, rows: Rows) -> Block:
    """Pupils judged by their own steps come apart, and those new to English too."""
    own = [r for r in rows if r.own_steps]
    rest = [r for r in rows if not r.own_steps]
    under = [r for r in rest if r.status == "underachieving"]
    english = [r for r in under if r.new_to_english]
    parts = []
    why: Column = ("Why", scope.why)
    for name, profiles in groups(list(words.PROFILE), words.PROFILE.__getitem__).items():
        for clear in (True, False):
            these = [
                r
                for r in under
                if not r.new_to_english
                and (r.attainment_status, r.progress_status) in profiles
                and (r.sureness == "clear") == clear
            ]
            unsure = [SURE] if scope.margin_unknown and not clear else []
            caption = f"{name}, {'clear' if clear else scope.borderline}"
            parts.append(list_by_scale(caption, these, [*BELOW, *unsure, why, CHANGE, NOTES]))
    columns = [*BELOW, SURE, why, CHANGE, NOTES]
    parts.append(list_by_scale("Underachieving, and new to English", english, columns))
    differ = [r for r in rest if r.status == "on_track" and r.assessments_differ]
    caption = "On track, but another assessment of this term says below ({n})"
    parts.append(pupil_table(caption, differ, PUPIL, CLASS, YEAR, OUTCOME, EXPECTED, CHANGE))
    short = [r for r in own if r.status == "underachieving"]
    caption = "On their own steps: too little progress, or under the own target ({n})"
    parts.append(pupil_table(caption, short, PUPIL, CLASS, YEAR, OUTCOME, TARGET, why))
    own = [r for r in own if r.status != "underachieving"]
    caption = "On their own steps: not compared with the year group ({n})"
    parts.append(pupil_table(caption, own, PUPIL, CLASS, YEAR, OUTCOME, TARGET))
    absent = [r for r in rest if r.status == "not_assessed"]
    why = ("Why", pupil_words.why_not_assessed)
    parts.append(pupil_table("Not assessed ({n})", absent, PUPIL, CLASS, YEAR, why))
    unlike = [r for r in rest if r.status == "not_comparable"]
    why = ("Why", pupil_words.why_not_comparable)
    caption = "Assessed, but not comparable ({n})"
    parts.append(pupil_table(caption, unlike, PUPIL, CLASS, YEAR, OUTCOME, why))
    return Block(*parts)


def list_by_scale(
    caption: str, rows: Rows, columns: Sequence[Column], furthest_first: bool = True
) -> Block:
    """A list for each scale, by how far below the pupils are, and then by name."""
    return Block(
        *(
            pupil_table(
                f"{caption} ({{n}}) – {_plain(words.within(scale))}",
                sorted(these, key=pupil_words.gap_size, reverse=furthest_first),
                *columns,
            )
            for scale, these in sorted(groups(rows, lambda r: str(r.scale_title)).items())
        )
    )


def has_notes(rows: Rows) -> bool:
    """Whether there is anything else to know of one of these results or pupils."""
    return any(pupil_words.notes(r) != "–" for r in rows)


def _plain(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def nothing_due(scope: Scope) -> Block:
    """For a team in whose year groups no subject is due: that nobody is judged."""
    (team,) = [t for t in scope.teams if t.team_no == scope.team_no]
    pupils = words.counted(team.pupils, "pupil")
    verb = "is" if team.pupils == 1 else "are"
    return paragraph(
        f"No subject is due for these year groups this term, so no pupil is judged. The {pupils} "
        f"on roll {verb} counted neither as on track nor as below."
    )


def moved(scope: Scope) -> Block:
    """Who is newly underachieving, who is on track again, and who was and has no result now."""
    lists = {
        "new": "Newly underachieving: on track last time ({n})",
        "recovered": "On track again: underachieving last time ({n})",
        "not_seen": "Underachieving last time, no comparable result now: stays on the list ({n})",
    }
    judged = [r for r in scope.pupils if not r.own_steps]
    tables = [
        pupil_table(
            caption,
            [r for r in judged if r.change == change],
            *(PUPIL, CLASS, YEAR, SUBJECT, OUTCOME, EXPECTED),
        )
        for change, caption in lists.items()
    ]
    found = Counter(r.change for r in judged)
    others = [
        f"{words.counted(found[code], 'result')}: {text}"
        for code, text in words.CHANGE.items()
        if code not in lists and code != "continuing" and found[code]
    ]
    still = [r for r in judged if r.change == "continuing"]
    if not any(tables):
        tables.append(paragraph("Nobody is newly underachieving, and nobody is on track again."))
    rest = [paragraph("The other results of the team:", "quiet"), bullets(others)]
    return Block(*tables, _still(still), *(rest if others else []))


def _still(rows: Rows) -> Block:
    """Who was underachieving last time too, folded away: the lists by subject name them all."""
    if not rows:
        return Block()
    names = "; ".join(f"{pupil_words.pupil(r)}, {r.subject}" for r in rows)
    return folded(f"Underachieving last time too: {words.counted(len(rows), 'result')}", names)
