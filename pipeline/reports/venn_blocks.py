"""Blocks about the Venn diagram: the figure, the names in it, and who stands beside it."""

from collections.abc import Iterator
from typing import Any

from pipeline.reports import charts, pupil_words, words
from pipeline.reports.html import Block, Table, bullets, figure, heading, paragraph
from pipeline.reports.scope import Scope
from pipeline.reports.source import Rows, groups
from pipeline.reports.team_blocks import CLASS, YEAR

Rings = tuple[str, ...]


def _diagrams(scope: Scope) -> Iterator[tuple[Rings, Rows]]:
    """The rings of each diagram and its pupils: year groups with the same subjects share one."""
    years = groups(sorted(scope.venn, key=lambda r: r.year_position), lambda r: r.year_group)
    rings = {
        year: tuple(s for s in scope.settings.subjects if any(_in_ring(r, s) for r in rows))
        for year, rows in years.items()
    }
    for subjects, together in groups(list(years), lambda year: rings[year]).items():
        rows = [r for r in scope.venn if r.year_group in together]
        yield subjects, [r for r in rows if r.ring] if subjects else rows


def _in_ring(row: Any, subject: str) -> bool:
    return bool(row.ring) and row.subject == subject


def _years(rows: Rows) -> str:
    ordered = sorted(rows, key=lambda r: r.year_position)
    return words.listed(list(dict.fromkeys(words.year_group(r.year_group) for r in ordered)))


def _known(rows: Rows) -> Rows:
    return [r for r in rows if r.subjects_known == r.rings]


def venn(scope: Scope) -> Block:
    """For each set of subjects: the diagram, the names by region, and who is not in it."""
    diagrams = list(_diagrams(scope))
    parts: list[Block] = []
    for rings, rows in diagrams:
        if len(diagrams) > 1:
            parts.append(heading(3, _years(rows)))
        parts.append(_diagram(scope, rings, rows) if len(rings) > 1 else _no_diagram(rings, rows))
    return Block(*parts) if parts else paragraph("No subject is due for this team in the year.")


def _diagram(scope: Scope, rings: Rings, rows: Rows) -> Block:
    inside: dict[charts.Region, list[str]] = {}
    for own in groups(_known(rows), lambda r: r.pupil_id).values():
        region = frozenset(r.subject for r in own if r.on_track)
        earlier = any(pupil_words.from_earlier(r, scope.term.term_no) for r in own)
        inside.setdefault(region, []).append(pupil_words.pupil(own[0]) + "*" * earlier)
    regions = sorted(_regions(rings), key=lambda r: (-len(r), [s not in r for s in rings]))
    counts = {region: len(inside.get(region, [])) for region in regions}
    said = "; ".join(f"{_where(r, rings)}: {counts[r]}" for r in regions)
    names = [
        (words.sentence(_where(r, rings)), counts[r], "; ".join(inside[r]))
        for r in [*regions[1:], regions[0]]
        if r in inside
    ]
    shown, pupils = sum(counts.values()), len({r.pupil_id for r in rows})
    caption = (
        f"{_of(shown, pupils)}, by the subjects in which they are on track (by "
        f"{scope.settings.venn_basis}){_others(pupils - shown)}."
    )
    return Block(
        figure(charts.venn(rings, counts), f"Venn diagram of pupils on track. {said}.", caption),
        bullets(_remarks(scope, rings, rows)),
        Table("Names in the diagram", ("On track", "Pupils", "Names"), names, (1,), True).block()
        if names
        else Block(),
        _beside(scope, rows),
    )


def _of(shown: int, pupils: int) -> str:
    whole = words.counted(pupils, "pupil")
    return whole if shown == pupils else f"{shown} of {whole}"


def _others(beside: int) -> str:
    if not beside:
        return ""
    return f"; the other {'one is' if beside == 1 else f'{beside} are'} listed below"


def _regions(rings: Rings) -> list[charts.Region]:
    found: list[charts.Region] = [frozenset()]
    for subject in rings:
        found += [region | {subject} for region in found]
    return found


def _where(region: charts.Region, rings: Rings) -> str:
    inside = [s for s in rings if s in region]
    if not inside:
        return "in none"
    return f"in {words.listed(inside)}" + ("" if len(inside) == len(rings) else " only")


def _remarks(scope: Scope, rings: Rings, rows: Rows) -> list[str]:
    texts = []
    left_out = [s for s in scope.settings.rings if s not in rings]
    if left_out:
        texts.append(
            f"Two rings, without {words.listed(left_out)}: for over half of the year group there "
            f"is no comparable result of this term or of the two terms before."
        )
    earlier = [r for r in rows if pupil_words.from_earlier(r, scope.term.term_no)]
    terms = groups(sorted(earlier, key=lambda r: r.from_term_no), lambda r: r.from_term_no)
    for term_no, these in terms.items():
        for subject, own in groups(these, lambda r: r.subject).items():
            pupils = words.counted(len(own), "pupil")
            texts.append(
                f"* {subject}: the result of {words.term(term_no)} is used for {pupils}, because "
                f"the subject is not due now or lacks results for over half of the year group."
            )
    return texts


def _beside(scope: Scope, rows: Rows) -> Block:
    lines = []
    beside = [r for r in rows if r.subjects_known != r.rings]
    for own in groups(beside, lambda r: r.pupil_id).values():
        known = "; ".join(f"{r.subject}: {_status(r, scope.term.term_no)}" for r in own)
        _, year_of = YEAR
        _, class_of = CLASS
        lines.append((pupil_words.pupil(own[0]), class_of(own[0]), year_of(own[0]), known))
    if not lines:
        return paragraph("No pupil stands outside the diagram.", "quiet")
    caption = f"Beside the diagram, because not every subject is known ({len(lines)})"
    return Table(caption, ("Pupil", "Class", "Year", "What is known"), lines, cards=True).block()


def _status(row: Any, term_no: int) -> str:
    if row.on_track is None:
        return "own steps" if row.own_steps else "not known"
    on_track = "on track" if row.on_track else "not on track"
    return on_track + pupil_words.from_earlier(row, term_no)


def _no_diagram(rings: Rings, rows: Rows) -> Block:
    pupils = words.counted(len({r.pupil_id for r in rows}), "pupil")
    have = f"only {rings[0]} is" if rings else "no subject is"
    return paragraph(
        f"{_years(rows)}, {pupils}: no diagram, because {have} known for at least half of the "
        f"year group. What is due and known of them is listed by subject below."
    )
