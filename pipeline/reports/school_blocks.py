"""Blocks of the head teacher's page: teams, counts by year group and class, change, terms."""

from typing import Any

from pipeline.reports import charts, names, words
from pipeline.reports.html import Block, Table, figure, link, panel, paragraph
from pipeline.reports.pattern_blocks import NOTHING_DUE, TERMS_SHOWN, over_the_terms
from pipeline.reports.scope import Scope
from pipeline.reports.source import Rows, groups
from pipeline.reports.text import name as cut


def team_links(scope: Scope) -> Block:
    """The school's teams, each with a link to its page beside this one."""
    lines = [(link(names.team_page(t.team_no, t.team), cut(t.team)), t.pupils) for t in scope.teams]
    if not lines:
        return panel("note", paragraph("No pupil of this school could be loaded for this term."))
    columns = ("Achievement Team", "Pupils")
    return Table("Pages of the Achievement Teams", columns, lines, numbers=(1,)).block()


def by_year_group(scope: Scope) -> Block:
    """Counts by year group and subject, with the whole school last."""
    whole = {row.subject: row for row in scope.counts("school")}
    counts = _counts("Year group", "year_group", scope.counts("year_group"), whole)
    return Block(counts, _good_level(scope))


def _good_level(scope: Scope) -> Block:
    """How many of Reception have a good level of development; nothing where no goal was sent."""
    lines = [
        (r.reached, r.not_reached, words.share(r.reached, r.reached + r.not_reached), r.not_known)
        for r in scope.ask("good_level")
    ]
    columns = ("Reached", "Not reached", "Share", "Not known")
    if not lines:
        return Block()
    caption = "Good level of development, Reception: expected in every goal that counts"
    return Table(caption, columns, lines, range(4)).block()


def by_class(scope: Scope) -> Block:
    """Counts by class and subject; nothing new where each class is one whole year group."""
    if scope.classes_are_years:
        return paragraph("Each class is one year group, so the tables above show the classes too.")
    return _counts("Class", "class_name", scope.counts("class"), {})


def _counts(name: str, column: str, rows: Rows, whole: dict[str, Any]) -> Block:
    columns = (
        name,
        "Under\N{SOFT HYPHEN}achieving",
        "Share",
        "On track",
        "Own steps",
        "Not comparable",
        "Not assessed",
        "Due",
    )
    parts = []
    for subject, these in groups([r for r in rows if r.due], lambda r: r.subject).items():
        lines = [_line(_label(column, r), r) for r in these]
        if subject in whole:
            lines.append(_line("Whole school", whole[subject]))
        caption = f"{subject.capitalize()}, by {name.lower()}"
        table = Table(caption, columns, lines, range(1, 8), total=subject in whole)
        parts.append(table.block())
    return Block(*parts) if parts else paragraph(NOTHING_DUE)


def _label(column: str, row: Any) -> str:
    value = str(getattr(row, column))
    return words.year_group(value) if column == "year_group" else cut(value)


def _line(label: str, row: Any) -> tuple[Any, ...]:
    part = words.share(row.underachieving, row.on_track + row.underachieving)
    others = (row.on_track, row.own_steps, row.not_comparable, row.not_assessed, row.due)
    return (label, row.underachieving, part, *others)


def changes(scope: Scope) -> Block:
    """How many results stand how, against the latest earlier term that can be compared."""
    rows = scope.ask("changes")
    codes = [code for code in words.CHANGE if any(r.change == code for r in rows)]
    lines = []
    for subject, these in groups(rows, lambda r: r.subject).items():
        pupils = {r.change: r.pupils for r in these}
        lines.append([subject, *(pupils.get(code, 0) for code in codes)])
    if not lines:
        return paragraph(NOTHING_DUE)
    columns = ["Subject", *(words.sentence(words.CHANGE[code]) for code in codes)]
    return Table("Pupils, by change", columns, lines, range(1, len(columns))).block()


def over_terms(scope: Scope) -> Block:
    """Over the terms: who was underachieving, a picture a subject, and who was at the standard."""
    parts = []
    school = [r for r in scope.patterns if r.grouped_by == "school"]
    under = [r for r in school if r.measure == "underachieving"]
    for subject, rows in groups(under, lambda r: r.subject).items():
        last = rows[-TERMS_SHOWN:]
        shares = [None if r.share is None else 100 * r.share for r in last]
        if sum(share is not None for share in shares) < 2:
            continue
        labels = [words.term(r.term_no).replace(" ", "\n") for r in last]
        said = "; ".join(
            f"{words.term(r.term_no)}: {'fewer than 10 judged' if y is None else f'{y:.0f}%'}"
            for r, y in zip(last, shares, strict=True)
        )
        name = subject.capitalize()
        caption = f"{name}: share of judged pupils who were underachieving."
        parts.append(figure(charts.shares_over_terms(labels, shares), f"{name}. {said}.", caption))
    if not parts:
        return paragraph("There are not yet two terms to compare.")
    return Block(panel("figures", *parts), over_the_terms(scope))
