"""Blocks about the Venn diagram: the figure, the names in it, and whom to start with."""

from typing import Any

import pandas as pd

from pipeline.reports import charts, pupil_words, words
from pipeline.reports.html import Block, Table, bullets, figure, heading, paragraph
from pipeline.reports.scope import Scope
from pipeline.reports.team_blocks import (
    CHANGE,
    CLASS,
    EXPECTED,
    GAP,
    GAPS,
    OUTCOME,
    PUPIL,
    SURE,
    YEAR,
    Column,
    pupil_table,
)

Rings = tuple[str, ...]


def _by_rings(scope: Scope) -> dict[Rings, pd.DataFrame]:
    """Rows of the Venn diagrams, one for each set of subjects that year groups have."""
    rows = scope.venn
    drawn = rows[rows["ring"].fillna(False).astype(bool)]
    rings = drawn.groupby("year_group")["subject"].agg(lambda s: tuple(dict.fromkeys(s)))
    found: dict[Rings, list[str]] = {}
    for year in dict.fromkeys(rows.sort_values("year_position")["year_group"]):
        found.setdefault(_in_order(rings.get(year, ()), scope), []).append(year)
    return {
        subjects: drawn[drawn["year_group"].isin(years)]
        if subjects
        else rows[rows["year_group"].isin(years)]
        for subjects, years in found.items()
    }


def _in_order(subjects: Any, scope: Scope) -> Rings:
    return tuple(s for s in scope.settings.subjects if s in set(subjects))


def _years(rows: pd.DataFrame) -> str:
    years = dict.fromkeys(rows.sort_values("year_position")["year_group"])
    return words.listed([words.year_group(y) for y in years])


def start_here(scope: Scope) -> Block:
    """Pupils on track in all subjects but one, smallest gap first within a scale."""
    blocks: list[Block] = []
    for rings, rows in _by_rings(scope).items():
        if len(rings) < 2:
            continue
        known = rows[rows["subjects_known"] == rows["rings"]]
        one_short = known[known["subjects_on_track"] == len(rings) - 1]
        work = one_short[~one_short["on_track"].astype(bool)]
        intro = f"On track in {_all_but_one(len(rings))}"
        columns = [PUPIL, CLASS, YEAR, _subject(scope), OUTCOME, EXPECTED, GAP, SURE, CHANGE]
        for scale, these in work.groupby("scale_title", sort=True, dropna=False):
            nearest = these.sort_values(GAPS, na_position="last", kind="stable")
            caption = f"{intro}, smallest gap first ({len(these)}), by {scale}"
            blocks.append(pupil_table(caption, nearest, columns))
        if work.empty:
            blocks.append(paragraph(f"{_years(rows)}: no pupil is on track in all but one."))
    return Block(*blocks) if blocks else paragraph("There is no Venn diagram to start from.")


def _all_but_one(rings: int) -> str:
    return "two of three subjects" if rings == 3 else "one of two subjects"


def _subject(scope: Scope) -> Column:
    return "Work on", lambda r: f"{r.subject}{_from(scope, r)}"


def _from(scope: Scope, row: Any) -> str:
    if pd.isna(row.from_term_no) or row.from_term_no == scope.term.term_no:
        return ""
    return f" ({words.term(row.from_term_no)})"


def venn(scope: Scope) -> Block:
    """For each set of subjects: the diagram, the names by region, and who is not in it."""
    several = _by_rings(scope)
    blocks: list[Block] = []
    for rings, rows in several.items():
        if len(several) > 1:
            blocks.append(heading(3, _years(rows)))
        blocks += _one(scope, rings, rows) if len(rings) > 1 else _none(scope, rings, rows)
    return Block(*blocks) if blocks else paragraph("No pupil is on roll in this team.")


def _one(scope: Scope, rings: Rings, rows: pd.DataFrame) -> list[Block]:
    known = rows[rows["subjects_known"] == rows["rings"]]
    inside: dict[charts.Region, list[str]] = {}
    for _, these in known.groupby("pupil_id", sort=False):
        region = frozenset(these.loc[these["on_track"].astype(bool), "subject"])
        inside.setdefault(region, []).append(pupil_words.pupil(next(these.itertuples())))
    regions = sorted(_regions(rings), key=lambda r: (-len(r), [s not in r for s in rings]))
    counts = {region: len(inside.get(region, [])) for region in regions}
    said = "; ".join(f"{_where(r, rings)}: {counts[r]}" for r in regions)
    pupils = words.counted(sum(counts.values()), "pupil")
    names = [
        (_where(region, rings).capitalize(), counts[region], "; ".join(inside.get(region, "–")))
        for region in regions
    ]
    caption = (
        f"{pupils} by the subjects in which they are on track (by {scope.settings.venn_basis})"
    )
    return [
        figure(charts.venn(rings, counts), f"Venn diagram. {said}.", caption + "."),
        bullets(_remarks(scope, rings, rows)),
        Table("Names in the diagram", ("On track", "Pupils", "Names"), names, (1,), True).block(),
        _beside(scope, rows),
    ]


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


def _remarks(scope: Scope, rings: Rings, rows: pd.DataFrame) -> list[str]:
    texts = []
    if len(rings) < len(scope.settings.rings):
        left_out = [s for s in scope.settings.rings if s not in rings]
        texts.append(
            f"Two rings, without {words.listed(left_out)}: for over half the year group no result "
            f"of this term or the last two can be used."
        )
    earlier = rows[rows["from_term_no"].notna() & (rows["from_term_no"] != scope.term.term_no)]
    for (subject, term_no), these in earlier.groupby(["subject", "from_term_no"], sort=True):
        pupils = words.counted(len(these), "pupil")
        texts.append(f"{subject}: the result of {words.term(term_no)} is used for {pupils}.")
    return texts


def _beside(scope: Scope, rows: pd.DataFrame) -> Block:
    beside = rows[rows["subjects_known"] != rows["rings"]]
    lines = []
    for _, these in beside.groupby("pupil_id", sort=False):
        first = next(these.itertuples())
        known = [f"{r.subject}: {_known(scope, r)}" for r in these.itertuples()]
        year = words.year_group(first.year_group)
        lines.append((pupil_words.pupil(first), first.class_name, year, "; ".join(known)))
    if not lines:
        return paragraph("No pupil stands outside the diagram.", "quiet")
    caption = f"Beside the diagram, because not every subject is known ({len(lines)})"
    return Table(caption, ("Pupil", "Class", "Year", "What is known"), lines, cards=True).block()


def _known(scope: Scope, row: Any) -> str:
    if pd.isna(row.on_track):
        return "not known"
    return ("on track" if row.on_track else "not on track") + _from(scope, row)


def _none(scope: Scope, rings: Rings, rows: pd.DataFrame) -> list[Block]:
    pupils = words.counted(rows["pupil_id"].nunique(), "pupil")
    have = f"only {rings[0]} is" if rings else "no subject is"
    return [
        paragraph(
            f"{_years(rows)}, {pupils}: no diagram, because {have} due and known for at least "
            f"half the year group. What is known of them is listed by subject below."
        )
    ]
