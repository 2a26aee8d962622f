"""Blocks of the head teacher's page: how many are at the standard, by group, and the gaps."""

from collections.abc import Iterable
from typing import Any

from pipeline.reports import words
from pipeline.reports.html import Block, Table, paragraph, stacked
from pipeline.reports.scope import Scope
from pipeline.reports.source import groups
from pipeline.reports.text import name as cut

TERMS_SHOWN = 6
NOTHING_DUE = "No subject is due in this school this term."
CHANCE = 0.05  # of 95 % intervals, as many miss by chance
Lines = list[tuple[str, dict[str, Any]]]


def at_the_standard(scope: Scope) -> Block:
    """Who is at the expected and at the higher standard, by year group and class."""
    lines = _lines(scope, "at_expected", "year_group")
    if not lines:
        return paragraph(NOTHING_DUE)
    if not scope.classes_are_years:
        place = {cut(r.class_name): at for at, r in enumerate(scope.counts("class"))}
        lines += sorted(_lines(scope, "at_expected", "class"), key=lambda line: place[line[0]])
    whole = _lines(scope, "at_expected", "school")
    return Block(
        _table(scope, "At or above the expected standard", "Pupils", lines + whole, total=True),
        _higher(scope),
    )


def _higher(scope: Scope) -> Block:
    """Nothing where no scale of the school has a higher standard."""
    lines = [
        (name, {s: r for s, r in cells.items() if r.known})
        for name, cells in _lines(scope, "at_higher", "year_group")
    ]
    return _table(scope, "At the higher standard", "Pupils", [line for line in lines if line[1]])


def over_the_terms(scope: Scope) -> Block:
    """The whole school at the expected standard, a line a term."""
    rows = [r for r in scope.patterns if (r.measure, r.grouped_by) == ("at_expected", "school")]
    terms = list(groups(rows, lambda r: r.term_no).items())[-TERMS_SHOWN:]
    if len(terms) < 2:
        return Block()
    lines = [
        (words.sentence(words.term(term)), {r.subject: r for r in these}) for term, these in terms
    ]
    return _table(scope, "At or above the expected standard, by term", "Term", lines)


def by_pupil_group(scope: Scope) -> Block:
    """Pupil groups at the standard and underachieving, with the gaps between them."""
    shown, unrecorded = _recorded(scope)
    if not shown and not unrecorded:
        return paragraph(NOTHING_DUE)
    parts = [
        _table(scope, f"{title}, by pupil group", "Pupils", _grouped(scope, measure, shown))
        for measure, title in words.MEASURE.items()
    ]
    if unrecorded:
        names = "; ".join(words.said(words.GROUP, group) for group in unrecorded)
        parts.append(paragraph(f"Not recorded for any pupil: {names}.", "quiet"))
    return Block(*parts, _by_chance(scope))


def _recorded(scope: Scope) -> tuple[list[str], list[str]]:
    """Groupings that are recorded for some pupil, and those that are for none."""
    due = {r.grouped_by: set[str]() for r in scope.now if r.grouped_by in words.GROUP}
    for row in scope.now:
        if row.grouped_by in due:
            due[row.grouped_by].add(row.group_value)
    known = [g for g in words.GROUP if g in due]
    return (
        [g for g in known if due[g] != {"not_recorded"}],
        [g for g in known if due[g] == {"not_recorded"}],
    )


def _grouped(scope: Scope, measure: str, shown: list[str]) -> Lines:
    """For each grouping its groups, then the difference; needs are told by provision."""
    found: Lines = []
    for group in shown:
        title = words.GROUP[group]
        for value, cells in _by_value(scope, measure, words.SHOWN_BY.get(group, group)):
            found.append((f"{title}: {words.said(words.GROUP_VALUE, value)}", cells))
        gaps = {g.subject: g for g in scope.gaps if (g.measure, g.grouped_by) == (measure, group)}
        if gaps:
            found.append((words.GAP[group], gaps))
    return found


def _by_value(scope: Scope, measure: str, grouped_by: str) -> Iterable[tuple[str, dict[str, Any]]]:
    rows = [r for r in scope.now if (r.measure, r.grouped_by) == (measure, grouped_by)]
    for value, these in groups(rows, lambda r: r.group_value).items():
        yield value, {r.subject: r for r in these}


def _lines(scope: Scope, measure: str, grouped_by: str) -> Lines:
    said = {"year_group": words.year_group, "class": cut, "school": lambda _: "Whole school"}
    return [
        (said[grouped_by](value), cells) for value, cells in _by_value(scope, measure, grouped_by)
    ]


def _table(scope: Scope, caption: str, first: str, lines: Lines, total: bool = False) -> Block:
    """A column a subject, the subjects together last; nothing where there is no line."""
    subjects = list(dict.fromkeys(s for _, cells in lines for s in cells))
    subjects.sort(key=lambda s: [*scope.settings.subjects, s].index(s))
    if not subjects:
        return Block()
    heads = [first, *(words.sentence(words.together(s)) for s in subjects)]
    rows = [[name, *(_cell(cells.get(s)) for s in subjects)] for name, cells in lines]
    return Table(caption, heads, rows, range(1, len(heads)), total=total).block()


def _cell(row: Any) -> Block | str:
    if row is None:
        return "–"
    return _gap(row) if hasattr(row, "difference") else _share(row)


def _share(row: Any) -> Block | str:
    """A percentage with its range, and counts; counts only where they are too few for one."""
    left_out = row.own_steps_pupils + row.missing
    counts = f"{row.pupils} of {row.known}" if row.known else "–"
    under = f"{left_out} left out" if left_out else ""
    if row.share is None:
        return stacked(counts, under)
    spread = f"{100 * row.lowest:.0f} to {100 * row.highest:.0f}"
    return stacked(f"{100 * row.share:.0f}% ({spread})", ", ".join(filter(None, [counts, under])))


def _gap(row: Any) -> Block | str:
    if row.difference is None:
        return stacked("–", "too few to compare")
    low, high = round(100 * row.lowest), round(100 * row.highest)
    points = round(100 * row.difference)
    main = words.counted(abs(points), "point") + f" {_way(points)}" if points else "no difference"
    if row.lowest > 0 or row.highest < 0:
        near, far = sorted((abs(low), abs(high)))
        return stacked(main, f"{near} to {far} {_way(low + high)}")
    return stacked(main, f"{-low} lower to {high} higher")


def _way(points: int) -> str:
    return "lower" if points < 0 else "higher"


def _by_chance(scope: Scope) -> Block:
    """How many differences would look real by chance alone, with so many of them on the page."""
    compared = sum(g.difference is not None for g in scope.gaps if g.measure in words.MEASURE)
    if not compared:
        return Block()
    expected = round(compared * CHANCE)
    about = f"about {expected}" if expected else "fewer than one"
    return paragraph(
        f"A difference is in percentage points. Where its range runs from lower to higher, chance "
        f"alone could have made it. Of the {compared} differences above, {about} would look real "
        f"even if no group differed at all, and they are not independent of each other. None says "
        f"why: pupils of a group differ in age, starting point and more.",
        "quiet",
    )
