"""What is said of a file that no layout fits, or that several fit. No cell of it is quoted."""

import difflib
from typing import TYPE_CHECKING

from pipeline.landing.layouts.columns import header_key, standard_columns
from pipeline.landing.layouts.match import Match

if TYPE_CHECKING:
    from pipeline.landing.layouts.find import Considered

HELP = "`achievement layout FILE` says what each layout lacks and drafts a new one."


def no_layout(seen: "list[Considered]") -> str:
    """The nearest layout, and what it lacks."""
    tried = [(c, m) for c in seen for m in c.matches if not m.ruled_out]
    best = max(tried, key=lambda t: (_nearness(t[1]), -t[0].header_at), default=None)
    if not best or best[1].understood < 2 or _nearness(best[1]) <= 0:
        known = max((m.understood for _, m in tried), default=0)
        return (
            f"no headings were found that are known ({known} of a line at most); expected headings "
            f"such as academic_year, term, school, upn, surname. docs/data-leads.md lists them. "
            f"{HELP}"
        )
    considered, found = best
    where = f"line {considered.header_at + 1}"
    headings = len(found.columns)
    names = ", ".join(f"'{m}'" for m in found.missing)
    nearest = (
        f"{where}: no layout fits the headings. The nearest is '{found.layout.layout}' "
        f"({found.understood} of {headings} headings are known to it)"
    )
    return (
        f"{nearest}; it lacks {names}. Add {'it' if len(found.missing) == 1 else 'them'} to the "
        f"export, or rename the heading that stands for it, and send it again. {HELP}"
    )


def not_clear(rivals: list[Match]) -> str:
    """Several layouts fit equally well: which, and what would decide."""
    names = " and ".join(f"'{m.layout.layout}'" for m in rivals)
    return (
        f"the layouts {names} fit the headings equally well, so it is not clear which is meant. "
        f"To decide, give one of them `files` (names that it is for) or `goes_before` in a layout "
        f"of your own. {HELP}"
    )


def unsaid(found: Match, lacking: list[str]) -> str:
    """What neither the file nor its folders say."""
    names = ", ".join(f"'{c}'" for c in lacking)
    return (
        f"its layout is '{found.layout.layout}', but neither its headings nor its path say "
        f"{names}. Put it into folders that do, such as exports/2025-26-autumn/123456/ (academic "
        f"year, term, URN or LAESTAB of the school), or add the column. {_maybe_date(lacking)}"
    ).rstrip()


def contradicted(column: str, within: str, around: str) -> str:
    """What the name of a file and the folders around it say differently."""
    return (
        f"its name, or the folder next to it, says {column.replace('_', ' ')} '{within}', and the "
        f"folder around that says '{around}'. Put it into the folder where it belongs, or take the "
        f"word out of its name, and send it again. A name with year and term (2025-26 summer) is "
        f"taken as it stands."
    )


def unsaid_of_ctf(lacking: list[str]) -> str:
    """What neither a common transfer file nor its folders say."""
    names = ", ".join(f"'{c}'" for c in lacking)
    return (
        f"it is a common transfer file, but neither it nor its path says {names}. Put it into "
        f"folders that do, such as exports/2025-26-summer/123456/ (academic year, term, URN or "
        f"LAESTAB of the school). {_maybe_date(lacking)}"
    ).rstrip()


def _maybe_date(lacking: list[str]) -> str:
    if "school" not in lacking:
        return ""
    return (
        "A folder's number that may be a date, such as 191225, counts only for a [[school]] of "
        "pipeline.toml."
    )


def nearly(found: Match, headings: list[str]) -> tuple[tuple[int, str], ...]:
    """Places (from 1) of unused headings that look like a standard one the file does not have."""
    known = {header_key(c): c for c in standard_columns()}
    results = {p for r in found.results for p in (r.place, r.or_else)}
    there = {c for c in found.columns if c}
    hints = []
    for place, (heading, column) in enumerate(zip(headings, found.columns, strict=False)):
        if column or place in results:
            continue
        alike = difflib.get_close_matches(header_key(heading), known, n=1, cutoff=0.8)
        if alike and known[alike[0]] not in there:
            hints.append((place + 1, known[alike[0]]))
    return tuple(hints)


def _nearness(found: Match) -> float:
    """Headings that are known, less those that lack."""
    return found.score - 2 * len(found.missing)
