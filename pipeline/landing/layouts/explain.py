"""`achievement layout FILE`: which layout a file has and why, or a draft of one."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import ExportRefused
from pipeline.landing.layouts.draft import draft_layout
from pipeline.landing.layouts.find import Considered, consider, two_rows
from pipeline.landing.layouts.match import Match
from pipeline.landing.receive import Reading, take_in, understand
from pipeline.landing.received import Received

RIVALS_SHOWN = 3


@dataclass
class Explained:
    """What was found in one table of a file."""

    name: str
    layout: str | None = None
    title: str | None = None
    form: str | None = None
    headings_on_line: int | None = None
    columns: list[dict[str, Any]] = field(default_factory=list)
    said_by_path: dict[str, str] = field(default_factory=dict)
    others: list[dict[str, Any]] = field(default_factory=list)
    refusal: str | None = None
    draft: str | None = None


def explain(file: Path, reading: Reading) -> list[Explained]:
    """Look at a file as an ingest would, without keeping anything of it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "000001"
        # Folders may say the school and the term: of the path, what lies below `exports` counts.
        parts = file.resolve().parts
        last = max((i for i, part in enumerate(parts) if part == "exports"), default=-4)
        below = parts[last + 1 :]
        taken = take_in(file, "/".join(below), copy)
        return [_explained(part, reading) for part in understand(taken, reading)]


def _explained(file: Received, reading: Reading) -> Explained:
    told = Explained(file.part or file.path.rsplit("/", 1)[-1], file.layout, refusal=file.refusal)
    told.said_by_path, told.form = file.by_path, file.form
    if file.ctf:
        told.title = "Common transfer file"
        return told
    rows = file.first_rows
    if not rows:
        return told
    try:
        seen = consider(rows, file.path, reading.layouts)
    except ExportRefused:
        return told
    if file.found:
        found = file.found.match
        told.title = found.layout.title
        told.headings_on_line = file.found.header_at + file.found.header_rows
        headings = rows[told.headings_on_line - 1]
        if file.found.header_rows == 2:
            headings = [both[0] for both in two_rows(rows[file.found.header_at], headings)]
        told.columns = _columns(found, headings)
        told.others = _others(seen, found)
    else:
        told.others = _others(seen, None)
        if not any(c.fitting for c in seen):
            told.draft = draft_layout(rows, seen)
    return told


def _columns(found: Match, headings: list[str]) -> list[dict[str, Any]]:
    results = {r.place: dict(r.said) for r in found.results}
    told = []
    for place, column in enumerate(found.columns):
        heading = headings[place].strip() if place < len(headings) else ""
        if place in results:
            said = ", ".join(results[place].values())
            meaning: str | None = f"a result: {said}" if said else "a result"
        else:
            meaning = column
        told.append({"column": place + 1, "heading": heading, "is": meaning})
    return told


def _others(seen: list[Considered], chosen: Match | None) -> list[dict[str, Any]]:
    """The nearest other layouts, each with what it lacks."""
    best: dict[str, Match] = {}
    for considered in seen:
        for found in considered.matches:
            before = best.get(found.layout.layout)
            if found is not chosen and (not before or found.score > before.score):
                best[found.layout.layout] = found
    if chosen:
        best.pop(chosen.layout.layout, None)
    near = sorted(best.values(), key=lambda m: (not m.fits, -m.score))[:RIVALS_SHOWN]
    return [
        {
            "layout": m.layout.name,
            "headings_known": m.understood,
            "fits": m.fits,
            "lacks": list(m.missing),
            "ruled_out_by": m.ruled_out,
        }
        for m in near
        if m.understood
    ]


def lines(told: list[Explained]) -> list[str]:
    """The explanation for people."""
    said: list[str] = []
    for table in told:
        if table.layout and not table.refusal:
            where = f", headings on line {table.headings_on_line}" if table.headings_on_line else ""
            said.append(f"{table.name}: layout {table.layout} ({table.title}){where}.")
        else:
            said.append(f"{table.name}: not understood. {table.refusal}")
        if table.form:
            said.append(f"  written as {table.form}")
        for column in table.columns:
            said.append(
                f"  column {column['column']} '{column['heading']}': {column['is'] or 'not used'}"
            )
        for name, value in table.said_by_path.items():
            said.append(f"  {name}: {value}, from its folders or name")
        for other in table.others:
            why = (
                f"lacks {', '.join(other['lacks'])}"
                if other["lacks"]
                else f"ruled out by {other['ruled_out_by']}"
                if other["ruled_out_by"]
                else "knows fewer of the headings"
            )
            said.append(f"  not {other['layout']}: {other['headings_known']} headings known, {why}")
        if table.draft:
            said += ["", "A draft of a layout for it:", "", table.draft]
    return said
