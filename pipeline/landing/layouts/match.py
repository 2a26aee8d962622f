"""How one layout fits one header: which column is what, what is missing, and how well."""

from dataclasses import dataclass
from functools import lru_cache

from pipeline.landing.layouts.columns import (
    header_key,
    heading_key,
    standard,
    standard_columns,
)
from pipeline.landing.layouts.model import LayoutFile
from pipeline.landing.layouts.result_columns import Heading as Heading
from pipeline.landing.layouts.result_columns import ResultPlace as ResultPlace
from pipeline.landing.layouts.result_columns import result_columns, result_twice
from pipeline.landing.layouts.words import looks_like_result, names_subject, words

# Two rows of headings count for more than one where they say more of the same columns.
SAID = 0.001
MADE_OF = {
    "full_name": ("surname", "forename"),
    "cohort": ("year_group", "academic_year"),
    "period": ("academic_year", "term"),
}


@dataclass(frozen=True, eq=False)
class Match:
    """A layout beside a header. It fits where nothing is `missing`, `twice` or `ruled_out`.

    `columns` has the standard column, or part of one, at each place. The path of the file has to
    say what `needs` names, and may say what `takes` names. `unread` are the places of columns that
    look like results and are not read, `unheaded` those to the right of results without a heading.
    """

    layout: LayoutFile
    columns: tuple[str | None, ...]
    results: tuple[ResultPlace, ...]
    unread: tuple[int, ...]
    unheaded: tuple[int, ...]
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    missing: tuple[str, ...]
    ruled_out: str | None
    twice: tuple[int, int, str] | None
    understood: int
    score: float

    @property
    def fits(self) -> bool:
        return not self.missing and not self.ruled_out

    @property
    def unused(self) -> int:
        """Columns of the file that are not used."""
        used = {r.place for r in self.results} | {r.or_else for r in self.results}
        return sum(c is None and i not in used for i, c in enumerate(self.columns))


def match(layout: LayoutFile, header: tuple[Heading, ...]) -> Match:
    """Set a layout beside a header."""
    columns, twice = _columns(layout, header)
    results, left = result_columns(layout, header, columns)
    places = [r.place for r in results]
    if not twice:
        twice = result_twice(results)
    found = {c for c in columns if c}
    here = _provided(layout, found, results)
    said = here | set(layout.fixed)
    takes = tuple(name for name in layout.from_path if name not in said)
    open_columns = [c for c in _asked(layout) if c not in said]
    missing = [c for c in open_columns if c not in takes]
    provided = said | set(takes)
    missing += [" or ".join(group) for group in layout.one_of if not provided & set(group)]
    if layout.kind == "results" and "outcome" not in found and not results:
        missing.append("a column of results")
    keys = {heading_key(h) for alternatives in header for h in alternatives}
    missing += [h for h in layout.must_have if heading_key(h) not in keys]
    left_out = {heading_key(h) for h in layout.left_out}
    read = {*places, *left, *(r.or_else for r in results)}
    unread = tuple(
        i
        for i, alternatives in enumerate(header)
        if not columns[i]
        and i not in read
        and any(looks_like_result(h) for h in alternatives)
        and not any(heading_key(h) in left_out for h in alternatives)
    )
    understood = len([c for c in columns if c]) + len(places)
    score: float = understood + len(found & set(layout.required)) + 2 * len(layout.must_have)
    score += SAID * sum(len(r.said) for r in results)
    return Match(
        layout,
        columns,
        results,
        unread,
        _unheaded(header, places),
        tuple(c for c in open_columns if c in takes),
        takes,
        tuple(missing),
        _ruled_out(layout, found, header, unread),
        twice,
        understood,
        score,
    )


def _unheaded(header: tuple[Heading, ...], places: list[int]) -> tuple[int, ...]:
    """Columns without a heading to the right of the first column of results."""
    blank = [i for i, alternatives in enumerate(header) if not any(map(heading_key, alternatives))]
    return tuple(i for i in blank if places and i > min(places))


def _ruled_out(
    layout: LayoutFile, found: set[str], header: tuple[Heading, ...], unread: tuple[int, ...]
) -> str | None:
    """The column that the layout never has, or `results` or `subjects` where headings hold them."""
    if layout.never_results and unread:
        return "results"
    by_subject = any(names_subject(alternatives[0]) for alternatives in header)
    if layout.never_subjects and by_subject and "subject" not in found:
        return "subjects"
    return next((c for c in layout.never if c in found), None)


def _asked(layout: LayoutFile) -> tuple[str, ...]:
    """What must come from somewhere; results say it themselves where they do."""
    asked = layout.required
    if layout.scale_from_values:
        asked = tuple(c for c in asked if c != "scale")
    return asked


def _provided(
    layout: LayoutFile, found: set[str], results: tuple[ResultPlace, ...]
) -> set[str]:  # fmt: skip
    here = set(found) | set(layout.derived)
    for part, made in MADE_OF.items():
        if part in found:
            here |= set(made)
    if {"la_number", "estab_number"} <= found:
        here.add("school")
    if layout.term_from_date and "assessment_date" in found:
        here |= {"term", "academic_year"}
    if results:
        here |= set.intersection(*({name for name, _ in r.said} for r in results))
    return here


def _columns(
    layout: LayoutFile, header: tuple[Heading, ...]
) -> tuple[tuple[str | None, ...], tuple[int, int, str] | None]:
    """The standard column at each place. Of synonyms the one that stands first in the list wins."""
    known = _known_headings(layout)
    best: dict[str, tuple[int, int]] = {}
    again: dict[str, tuple[int, int, str]] = {}
    for place, alternatives in enumerate(header):
        found = next((f for h in alternatives if (f := _lookup(layout, known, h))), None)
        if not found:
            continue
        column, rank = found
        if column not in best or rank < best[column][0]:
            best[column] = (rank, place)
            again.pop(column, None)
        elif rank == best[column][0]:
            again.setdefault(column, (best[column][1] + 1, place + 1, column))
    twice = min(again.values(), default=None)
    at = {place: column for column, (_, place) in best.items()}
    return tuple(at.get(i) for i in range(len(header))), twice


def _lookup(
    layout: LayoutFile, known: dict[str, tuple[str, int]], heading: str
) -> tuple[str, int] | None:
    key = header_key(heading) if layout.exact_headings else heading_key(heading)
    return known.get(key) if key else None


@lru_cache(maxsize=256)
def _known_by_json(layout_json: str) -> dict[str, tuple[str, int]]:
    layout = LayoutFile.model_validate_json(layout_json)
    if layout.exact_headings:
        return {header_key(c): (c, 0) for c in _exact_columns(layout)}
    known: dict[str, tuple[str, int]] = {}
    for column, headings in (words()["headings"] | layout.headings).items():
        wanted = layout.optional is None or column in {
            *layout.required,
            *layout.optional,
            *layout.headings,
            *(c for group in layout.one_of for c in group),
        }
        said = (
            [*headings] if column in layout.headings else [column.replace("_", " "), *headings]
        )  # fmt: skip
        for rank, heading in enumerate(said if wanted else ()):
            if column in layout.headings or heading_key(heading) not in known:
                known[heading_key(heading)] = (column, rank)
    return known


def _known_headings(layout: LayoutFile) -> dict[str, tuple[str, int]]:
    return _known_by_json(layout.model_dump_json())


def _exact_columns(layout: LayoutFile) -> tuple[str, ...]:
    s = standard()
    if layout.kind == "roll":
        return tuple(c for c in standard_columns() if c not in s["optional_in_results"])
    return standard_columns()
