"""The columns of a header that hold a result each, and what their headings say of it."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from pipeline.landing.layouts.columns import heading_key, word_key
from pipeline.landing.layouts.model import LayoutFile
from pipeline.landing.layouts.words import by_key, said_in

# A heading of two rows is both together, the lower alone or the upper alone: whichever says more.
Heading = tuple[str, ...]


@dataclass(frozen=True)
class ResultPlace:
    """A column that holds a result: what its heading and layout say of it."""

    place: int
    said: tuple[tuple[str, str], ...]
    or_else: int | None = None
    blank: tuple[str, ...] = ()


def result_columns(
    layout: LayoutFile, header: tuple[Heading, ...], columns: tuple[str | None, ...]
) -> tuple[tuple[ResultPlace, ...], frozenset[int]]:
    """Columns that hold a result each, and places that are deliberately left out.

    `columns` are the standard columns found so far: none of them holds a result.
    """
    keys = [tuple(heading_key(h) for h in alternatives) for alternatives in header]
    found = []
    for place, alternatives in enumerate(header):
        if columns[place]:
            continue
        for spec in layout.results:
            # Under an upper heading that is not understood, such as Target, the lower one says
            # nothing of what stands there.
            said = said_in(spec.headings, alternatives[0])
            if said is None:
                continue
            other = next(
                (i for h in spec.or_else for i, k in enumerate(keys) if heading_key(h) in k), None
            )
            together = tuple((spec.constants() | said).items())
            found.append(ResultPlace(place, together, other, spec.blank))
            break
    results = _one_scale(layout, tuple(found))
    left = frozenset(r.place for r in found) - {r.place for r in results}
    return _by_half_term(header, results), left


def _one_scale(layout: LayoutFile, results: tuple[ResultPlace, ...]) -> tuple[ResultPlace, ...]:
    """Of columns that say the same but for the scale, the one whose scale the layout has first."""
    order = layout.one_scale_of

    def test(r: ResultPlace) -> tuple[tuple[str, str], ...]:
        return tuple(s for s in r.said if s[0] != "scale")

    def rank(r: ResultPlace) -> int | None:
        scale = dict(r.said).get("scale")
        return order.index(scale) if scale in order else None

    best: dict[tuple[tuple[str, str], ...], int] = {}
    for r in results:
        at = rank(r)
        if at is not None:
            best[test(r)] = min(at, best.get(test(r), at))
    return tuple(r for r in results if (at := rank(r)) is None or at == best[test(r)])


def _by_half_term(
    header: tuple[Heading, ...], results: tuple[ResultPlace, ...]
) -> tuple[ResultPlace, ...]:
    """Two columns for the halves of one term, told apart by an assessment named for the half.

    Where a term has only one column, its half is of no interest: a later file may say it otherwise.
    """
    same = Counter(r.said for r in results)
    made = []
    for r in results:
        said = dict(r.said)
        if same[r.said] > 1 and "assessment" not in said and "term" in said:
            halves = [h for h in map(_half_of_term, header[r.place]) if h]
            if halves:
                named = f"{said['term'].title()} {halves[0]}"
                r = replace(r, said=(*r.said, ("assessment", named)))
        made.append(r)
    return tuple(made)


def _half_of_term(heading: str) -> str | None:
    terms = "|".join(sorted(by_key("terms"), key=len, reverse=True))
    found = re.search(rf"(?:^|\s)(?:{terms})\s?([12])(?:\s|$)", word_key(heading))
    return found[1] if found else None


def result_twice(results: tuple[ResultPlace, ...]) -> tuple[int, int, str] | None:
    """Two columns, counted from 1, that say the same, and their subject."""
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    for r in results:
        if r.said in seen:
            return seen[r.said] + 1, r.place + 1, dict(r.said).get("subject", "result")
        seen[r.said] = r.place
    return None
