"""Where to start: everyone who is below, by the number of subjects in which that is so."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from pipeline.reports import pupil_words, words
from pipeline.reports.html import Block, Table, paragraph
from pipeline.reports.reading_blocks import codes
from pipeline.reports.scope import Scope
from pipeline.reports.source import Rows, groups
from pipeline.reports.team_blocks import (
    CHANGE,
    CLASS,
    EXPECTED,
    GAP,
    NOTES,
    OUTCOME,
    PUPIL,
    SURE,
    YEAR,
    Column,
    has_notes,
    list_by_scale,
)

NOT_KNOWN = {"not_comparable": "not comparable"}


@dataclass(frozen=True)
class Standing:
    """A pupil who is below in some subject, with a row for each subject that counts."""

    rows: Rows

    @property
    def below(self) -> Rows:
        return [r for r in self.rows if r.on_track is False]

    @property
    def all_known(self) -> bool:
        return all(r.on_track is not None for r in self.rows)


def start_here(scope: Scope) -> Block:
    """Below in one subject only, in two or more, and in one with another not known."""
    everyone = _standings(scope)
    near = [p for p in everyone if len(p.below) == 1 and p.all_known]
    many = [p for p in everyone if len(p.below) > 1]
    unsure = [p for p in everyone if len(p.below) == 1 and not p.all_known]
    outside = words.OUTSIDE[scope.settings.venn_basis]
    if not everyone:
        return paragraph(f"No pupil of this team is {outside} in any subject.")
    # The rows come in the order of names, which a stable sort keeps among equals.
    many.sort(key=lambda p: -len(p.below))
    return Block(
        codes(scope),
        _one_aim(scope, near),
        _subjects_side_by_side(
            scope,
            f"{words.sentence(outside)} in two or more subjects ({len(many)}): these pupils need a "
            f"plan, not one aim",
            many,
        ),
        _subjects_side_by_side(
            scope,
            f"{words.sentence(outside)} in one subject, and another not known ({len(unsure)})",
            unsure,
        ),
    )


def _standings(scope: Scope) -> list[Standing]:
    """Pupils below in some subject; those on their own steps are judged by nobody else's line.

    A subject of the diagram counts where the year group has a ring for it or the pupil is known in
    it, and any other subject where it is due.
    """
    rows = [r for r in scope.venn if not r.own_steps and (r.ring or r.on_track is not None)]
    rows += [
        SimpleNamespace(
            **vars(r),
            on_track=_on_track(r, scope.settings.venn_basis),
            from_term_no=scope.term.term_no,
        )
        for r in scope.pupils
        if not r.own_steps and r.subject not in scope.settings.rings
    ]
    found = [Standing(own) for own in groups(rows, lambda r: r.pupil_id).values()]
    return [standing for standing in found if standing.below]


def _on_track(row: Any, basis: str) -> bool | None:
    """As the rings of the diagram are filled (progress.venn_subject), for a subject without one."""
    attained = {"at_expectation": True, "below": False}.get(row.attainment_status)
    moved = {"enough": True, "too_little": False}.get(row.progress_status)
    if basis == "both":
        return False if False in (attained, moved) else (attained and moved)
    return attained if basis == "attainment" else moved


def _one_aim(scope: Scope, pupils: list[Standing]) -> Block:
    outside = words.OUTSIDE[scope.settings.venn_basis]
    if not pupils:
        return paragraph(f"Nobody is {outside} in one subject only.")
    work_on: Column = (
        "Work on",
        lambda r: f"{r.subject}{pupil_words.from_earlier(r, scope.term.term_no)}",
    )
    rows = [p.below[0] for p in pupils]
    columns = [PUPIL, CLASS, YEAR, work_on, OUTCOME, EXPECTED, GAP, SURE, CHANGE]
    columns += [NOTES] if has_notes(rows) else []
    caption = f"{words.sentence(outside)} in one subject only: one aim could put them on track"
    return list_by_scale(caption, rows, columns, furthest_first=False)


def _subjects_side_by_side(scope: Scope, caption: str, pupils: list[Standing]) -> Block:
    """A line a pupil, a column a subject; nothing where there are none."""
    if not pupils:
        return Block()
    counting = {r.subject for p in pupils for r in p.rows}
    subjects = [s for s in scope.settings.subjects if s in counting]
    noted = has_notes([r for p in pupils for r in p.below])
    lines = []
    for pupil in pupils:
        first, cells = pupil.rows[0], {r.subject: _cell(r, scope.term.term_no) for r in pupil.rows}
        line = [show(first) for _, show in (PUPIL, CLASS, YEAR)]
        line += [cells.get(subject, "–") for subject in subjects]
        lines.append([*line, _notes(pupil.below)] if noted else line)
    heads = ["Pupil", "Class", "Year", *map(words.sentence, subjects), *(["Notes"] * noted)]
    return Table(caption, heads, lines, cards=True).block()


def _cell(row: Any, term_no: int) -> str:
    if row.on_track is None:
        return words.said(NOT_KNOWN, row.status) if row.status in NOT_KNOWN else "no result"
    if row.on_track:
        told = "on track"
    else:
        far = pupil_words.gap(row)
        told = pupil_words.outcome(row) + ("" if far == "–" else f", {far}")
    return told + pupil_words.from_earlier(row, term_no)


def _notes(rows: Rows) -> str:
    told = dict.fromkeys(pupil_words.notes(r) for r in rows)
    return "; ".join(text for text in told if text != "–") or "–"
