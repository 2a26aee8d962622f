"""Blocks of an Achievement Team's page: counts, whom to start with, pupils by subject, changes."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from pipeline.reports import pupil_words, words
from pipeline.reports.html import Block, Table, bullets, heading, paragraph
from pipeline.reports.scope import Scope

GAPS = ["terms_behind", "steps_under", "gap_sd"]
Column = tuple[str, Callable[[Any], str]]

PUPIL: Column = ("Pupil", pupil_words.pupil)
CLASS: Column = ("Class", lambda r: str(r.class_name))
YEAR: Column = ("Year", lambda r: words.year_group(r.year_group))
OUTCOME: Column = ("Outcome", pupil_words.outcome)
EXPECTED: Column = ("Expected", pupil_words.expected)
GAP: Column = ("How far", pupil_words.gap)
SURE: Column = ("How sure", lambda r: str(r.certainty_band))
CHANGE: Column = ("Change", pupil_words.change)


def _notes(row: Any) -> str:
    notes = {
        "teacher and test differ": row.assessments_differ,
        "new to English": row.new_to_english,
        "new to the school": row.new_to_school and not row.new_to_english,
    }
    return ", ".join(text for text, holds in notes.items() if holds) or "–"


NOTES: Column = ("Notes", _notes)


def pupil_table(caption: str, rows: pd.DataFrame, columns: list[Column]) -> Block:
    """A table of pupils, one card a pupil on a narrow screen."""
    lines = [[show(row) for _, show in columns] for row in rows.itertuples()]
    return Table(caption, [name for name, _ in columns], lines, cards=True).block()


def at_a_glance(scope: Scope) -> Block:
    """Every pupil on roll once in each subject's row."""
    rows = scope.counts[(scope.counts["level"] == "team") & (scope.counts["team"] == scope.team)]
    columns = {
        "on_track": "On track",
        "underachieving": "Under-achieving",
        "clear": "of these clear",
        "borderline": "of these borderline",
        "not_assessed": "Not assessed",
        "not_comparable": "Not comparable",
        "not_due": "Not due",
        "on_roll": "On roll",
    }
    shown = [c for c in columns if c != "not_due" or rows["not_due"].sum() > 0]
    lines = [[r["subject"], *(int(r[c]) for c in shown)] for _, r in rows.iterrows()]
    heads = ["Subject", *(columns[c] for c in shown)]
    sums = "on track + underachieving + not assessed + not comparable" + (
        " + not due" if "not_due" in shown else ""
    )
    return Block(
        Table("Pupils by subject", heads, lines, numbers=range(1, len(heads))).block(),
        paragraph(f"Nobody is left out: {sums} = pupils on roll.", "quiet"),
    )


def by_subject(scope: Scope) -> Block:
    """For each subject, the pupils who are not plainly on track, each list apart."""
    if scope.pupils.empty:
        return paragraph("No subject is due for this team this term.")
    return Block(
        *(
            Block(heading(3, str(subject).capitalize()), *_subject(str(subject), rows))
            for subject, rows in scope.pupils.groupby("subject", sort=False)
        )
    )


def _subject(subject: str, rows: pd.DataFrame) -> list[Block]:
    own, rest = rows[rows["own_steps"]], rows[~rows["own_steps"]]
    under = rest[rest["status"] == "underachieving"]
    english = under[under["new_to_english"]]
    under = under[~under["new_to_english"]]
    blocks = []
    for profile, name in words.PROFILE.items():
        these = under[
            (under["attainment_status"] == profile[0]) & (under["progress_status"] == profile[1])
        ]
        for band in ("clear", "borderline"):
            caption = f"{name}, {band}"
            blocks += _by_scale(caption, these[these["certainty_band"] == band])
    blocks += _by_scale("New to English, below", english)
    if len(own):
        status: Column = ("Status", lambda r: words.said(words.STATUS, r.status))
        caption = f"Own steps: judged by the pupil's own steps and target ({len(own)})"
        blocks.append(pupil_table(caption, own, [PUPIL, CLASS, YEAR, OUTCOME, status, NOTES]))
    blocks += _without_result(rest)
    return blocks or [paragraph(f"Every pupil is on track in {subject}.")]


def _by_scale(caption: str, rows: pd.DataFrame) -> list[Block]:
    columns = [PUPIL, CLASS, YEAR, OUTCOME, EXPECTED, GAP, CHANGE, NOTES]
    groups = rows.groupby("scale_title", sort=True, dropna=False)
    return [
        pupil_table(
            f"{caption} ({len(these)}), by {scale}",
            these.sort_values(GAPS, ascending=False, na_position="first", kind="stable"),
            columns,
        )
        for scale, these in groups
    ]


def _without_result(rows: pd.DataFrame) -> list[Block]:
    blocks = []
    absent = rows[rows["status"] == "not_assessed"]
    if len(absent):
        why: Column = ("Why", _why_not_assessed)
        caption = f"Not assessed ({len(absent)})"
        blocks.append(pupil_table(caption, absent, [PUPIL, CLASS, YEAR, why, CHANGE]))
    unlike = rows[rows["status"] == "not_comparable"]
    if len(unlike):
        because: Column = (
            "Why",
            lambda r: words.said(words.NOT_COMPARABLE, r.not_comparable_reason),
        )
        caption = f"Assessed, but not comparable ({len(unlike)})"
        blocks.append(pupil_table(caption, unlike, [PUPIL, CLASS, YEAR, OUTCOME, because]))
    return blocks


def _why_not_assessed(row: Any) -> str:
    if pd.isna(row.scale):
        return "no result was sent"
    if pd.isna(row.no_result_reason):
        return "no outcome was given"
    return words.said(words.NO_RESULT, row.no_result_reason)


def moved(scope: Scope) -> Block:
    """Who became underachieving, who is on track again, and who was and has no result now."""
    lists = {
        "new": "New this term: underachieving now, on track last time",
        "recovered": "On track again: underachieving last time",
        "not_seen": "Underachieving last time, no comparable result now (stays on the list)",
    }
    blocks = []
    subject: Column = ("Subject", lambda r: str(r.subject))
    for change, caption in lists.items():
        rows = scope.pupils[scope.pupils["change"] == change]
        if len(rows):
            columns = [PUPIL, CLASS, YEAR, subject, OUTCOME, EXPECTED]
            blocks.append(pupil_table(f"{caption} ({len(rows)})", rows, columns))
    others = scope.pupils["change"].value_counts()
    told = [
        f"{words.counted(int(others[code]), 'result')}: {text}"
        for code, text in words.CHANGE.items()
        if code not in lists and code in others
    ]
    if not blocks:
        blocks.append(paragraph("Nobody has moved into or out of the list."))
    return Block(*blocks, paragraph("The other results of the team:", "quiet"), bullets(told))
