"""From band to band: where pupils stood last time and where they stand now, with their names."""

from typing import Any

from pipeline.reports import pupil_words, words
from pipeline.reports.html import Block, Table, folded, paragraph
from pipeline.reports.scope import Scope
from pipeline.reports.source import Rows, groups


def movement(scope: Scope) -> Block:
    """A table for each subject: lines say where pupils stood, columns where they stand."""
    if not scope.movement:
        return paragraph("No subject is due.")
    return Block(
        *(
            _matrix(str(subject), rows)
            for subject, rows in groups(scope.movement, lambda r: r.subject).items()
        )
    )


def _matrix(subject: str, rows: Rows) -> Block:
    then = [b for b in words.BAND if any(r.earlier_band == b for r in rows)]
    now = [b for b in words.BAND if any(r.band == b for r in rows)]
    cells = groups(rows, lambda r: (r.earlier_band, r.band))
    lines = [
        [
            words.sentence(words.BAND[b]),
            *(_cell(cells.get((b, c), [])) for c in now),
            sum(r.earlier_band == b for r in rows),
        ]
        for b in then
    ]
    lines.append(["All", *(sum(r.band == c for r in rows) for c in now), len(rows)])
    heads = ["Last time", *(f"Now: {words.BAND[c]}" for c in now), "All"]
    caption = f"{subject.capitalize()}: from last time to now"
    return Table(caption, heads, lines, range(1, len(heads)), total=True).block()


def _cell(rows: Rows) -> Any:
    """How many, which opens to their names."""
    if not rows:
        return "–"
    return folded(str(len(rows)), "; ".join(pupil_words.pupil(r) for r in rows))
