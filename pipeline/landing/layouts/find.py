"""Which layout a file has, and on which lines its headings are; nothing is guessed."""

from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import lru_cache

from pipeline.errors import ExportRefused
from pipeline.landing.layouts.columns import LONGEST_HEADING
from pipeline.landing.layouts.kinds import is_second_row
from pipeline.landing.layouts.match import Heading, Match, match
from pipeline.landing.layouts.model import LayoutFile
from pipeline.landing.layouts.path import KnownSchool, contradiction, said_by_path, text_of_said
from pipeline.landing.layouts.told import contradicted, no_layout, not_clear, unsaid

# Headings are looked for on so many rows from the top: titles come before them.
HEADINGS_WITHIN = 30
MOST_COLUMNS = 500
# By so much the best layout must be ahead of the next.
CLEARLY_AHEAD = 2


@dataclass(frozen=True)
class Found:
    """A file understood: its layout, where its headings are, and what its path says.

    `header_at` is the place, from 0, of the first row of headings among the rows given, and
    `header_rows` how many there are: one or two.
    """

    match: Match
    header_at: int
    header_rows: int
    by_path: tuple[tuple[str, str], ...] = ()
    path_says: dict[str, str] = field(default_factory=dict, hash=False, compare=False)

    @property
    def said_by_path(self) -> str | None:
        """What makes the same bytes in another folder another file."""
        return text_of_said(self.by_path)


@dataclass(frozen=True)
class Considered:
    """All that was considered for a file: for each row of headings, every layout, best first."""

    header_at: int
    header_rows: int
    matches: tuple[Match, ...]

    @property
    def fitting(self) -> tuple[Match, ...]:
        return tuple(m for m in self.matches if m.fits)


def find_layout(
    rows: list[list[str]],
    path: str,
    layouts: tuple[LayoutFile, ...],
    schools: tuple[KnownSchool, ...] = (),
) -> Found:
    """The layout of a file, from its first rows and its path below `exports/`.

    Raises ExportRefused where none fits or none is clearly ahead; the message never quotes a cell,
    since where headings are missing the first row is a pupil.
    """
    seen = consider(rows, path, layouts)
    best = best_of(seen)
    if not best:
        raise ExportRefused(no_layout(seen))
    first = _clear_winner(best.fitting)
    if first.twice:
        a, b, column = first.twice
        raise ExportRefused(
            f"line {best.header_at + 1}: columns {a} and {b} are both headed '{column}'. Expected "
            f"one; take the other out of the export and send it again."
        )
    said = said_by_path(path, schools) if first.takes else {}
    differ = contradiction(path, schools)
    if differ and differ[0] in first.takes:
        raise ExportRefused(contradicted(*differ))
    lacking = [c for c in first.needs if c not in said]
    if lacking:
        raise ExportRefused(unsaid(first, lacking))
    used = tuple((c, said[c]) for c in first.takes if c in said)
    return Found(first, best.header_at, best.header_rows, used, said)


def _clear_winner(fitting: tuple[Match, ...]) -> Match:
    """The layout that is clearly ahead. Raises ExportRefused where none is.

    One that names the file goes before those that do not, whatever they know of the headings; of
    those that are close together, the one that goes before all the others.
    """
    naming = tuple(m for m in fitting if m.layout.files)
    among = naming or fitting
    close = [m for m in among if m.score > among[0].score - CLEARLY_AHEAD]
    for found in close:
        others = {m.layout.layout for m in close} - {found.layout.layout}
        if others <= set(found.layout.goes_before):
            return found
    raise ExportRefused(not_clear(close))


def consider(rows: list[list[str]], path: str, layouts: tuple[LayoutFile, ...]) -> list[Considered]:
    """Every row, and every two rows, that could be the headings, beside every layout.

    Stops at the first place where a layout fits.
    """
    seen: list[Considered] = []
    usable = tuple(
        x for x in layouts if not x.files or any(fnmatch(path.lower(), p.lower()) for p in x.files)
    )
    # A cell of millions of letters is no heading, and is not kept.
    rows = [[c[:LONGEST_HEADING] for c in row] for row in rows[: HEADINGS_WITHIN + 1]]
    for at, row in enumerate(rows[:HEADINGS_WITHIN]):
        filled = [place for place, cell in enumerate(row) if cell.strip()]
        # One cell alone is a title, or, over the columns of results, the upper row of two.
        if not filled or filled == [0]:
            continue
        if len(row) > MOST_COLUMNS:
            raise ExportRefused(
                f"line {at + 1}: {len(row):,} columns were found; at most {MOST_COLUMNS} are "
                f"expected. Take the columns that are not wanted out and send it again."
            )
        here = []
        if len(filled) > 1:
            here.append(Considered(at, 1, _matches(usable, tuple((c,) for c in row), path)))
        below = rows[at + 1] if at + 1 < len(rows) else []
        if 0 < len(below) <= MOST_COLUMNS and is_second_row(row, below):
            here.append(Considered(at, 2, _matches(usable, two_rows(row, below), path)))
        seen += here
        if any(c.fitting for c in here):
            break
    return seen


def best_of(seen: list[Considered]) -> Considered | None:
    """The headings that a layout fits best; of one row and two, two only where they say more."""
    fitting = [c for c in seen if c.fitting]
    return max(fitting, key=lambda c: (c.fitting[0].score, -c.header_rows)) if fitting else None


def two_rows(upper: list[str], lower: list[str]) -> tuple[Heading, ...]:
    """Headings in two rows; a merged cell of the upper one stands over the columns that follow."""
    width = max(len(upper), len(lower))
    above = [c.strip() for c in upper] + [""] * (width - len(upper))
    below = [c.strip() for c in lower] + [""] * (width - len(lower))
    made, over = [], ""
    for top, bottom in zip(above, below, strict=True):
        over = top or (over if bottom else "")
        both = " ".join(filter(None, (over, bottom)))
        made.append(tuple(dict.fromkeys(h for h in (both, bottom, top) if h)) or ("",))
    return tuple(made)


def _matches(
    layouts: tuple[LayoutFile, ...], header: tuple[Heading, ...], path: str
) -> tuple[Match, ...]:
    found = [_match(_Key(x), header) for x in layouts]
    return tuple(
        sorted(
            found,
            key=lambda m: (not m.fits, not m.layout.files, -m.score, m.layout.layout),
        )
    )


class _Key:
    """A layout by its identity, so that what was worked out for a header is kept."""

    def __init__(self, layout: LayoutFile) -> None:
        self.layout = layout

    def __hash__(self) -> int:
        return id(self.layout)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.layout is self.layout


@lru_cache(maxsize=4096)
def _match(key: _Key, header: tuple[Heading, ...]) -> Match:
    return match(key.layout, header)
