"""`data_schemas/words.toml`: the words of schools' systems, ready to look up."""

import re
import tomllib
from functools import cache, lru_cache
from typing import Any

from pipeline.landing.layouts.columns import heading_key, word_key
from pipeline.landing.layouts.model import PLACEHOLDERS
from pipeline.resources import resource

ACADEMIC_YEAR = r"(?:20)?\d\d(?:20)?\d\d"
YEAR_GROUP = r"(?:year|yr|y)?(?:reception|r|n1|n2|1[0-4]|[1-9])"


@cache
def words() -> dict[str, dict[str, list[str]]]:
    """The tables of the file as they stand."""
    path = resource("data_schemas", "words.toml")
    found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def by_key(table: str) -> dict[str, str]:
    """From a word, as `heading_key` has it, to what it stands for: `{"mathematics": "maths"}`."""
    return {
        heading_key(word): meaning
        for meaning, said in words()[table].items()
        for word in (meaning, *said)
    }


@cache
def totals() -> frozenset[str]:
    """First cells of rows that count pupils, as `word_key` has them."""
    return frozenset(word_key(w) for w in words()["totals"]["rows"])


def looks_like_result(heading: str) -> bool:
    """Whether a heading speaks of a result, though no layout may understand it."""
    return _speaks_of(word_key(heading))[0]


def names_subject(heading: str) -> bool:
    """Whether a heading names a subject, and not its teacher, set, target or the like."""
    return _speaks_of(word_key(heading))[1]


@lru_cache(maxsize=65536)
def _speaks_of(said: str) -> tuple[bool, bool]:
    """Whether a heading, as words, speaks of a result, and whether of a subject."""
    there, table = set(said.split()), words()["results"]
    if there & set(table["but_not"]):
        return False, False
    subject = bool(there & by_key("subjects").keys())
    return subject or bool(there & set(table["looks_like"])), subject


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A heading with placeholders as an expression over `heading_key` of a heading."""
    return re.compile(_expression(pattern, "?P<{}>"))


@cache
def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """All patterns together: most headings fit none of them, and one look is enough for those."""
    return re.compile("|".join(_expression(p, "?:") for p in patterns))


def _expression(pattern: str, group: str) -> str:
    parts = re.split(r"\{(\w+)\}", pattern)
    return "".join(
        f"({group.format(part)}{_alternatives(part)})" if at % 2 else re.escape(heading_key(part))
        for at, part in enumerate(parts)
    )


@cache
def _alternatives(placeholder: str) -> str:
    assert placeholder in PLACEHOLDERS
    if placeholder == "academic_year":
        return ACADEMIC_YEAR
    if placeholder == "year_group":
        return YEAR_GROUP
    if placeholder == "assessment":
        return ".+"
    known = by_key(f"{placeholder}s")
    return "|".join(sorted(map(re.escape, known), key=len, reverse=True))


def said_in(patterns: tuple[str, ...], heading: str) -> dict[str, str] | None:
    """What a heading says by the first pattern that fits; None where none does.

    `{"subject": "maths", "term": "autumn"}`, and `{}` by a pattern without placeholders.
    """
    key = heading_key(heading)
    if not key or not any_of(patterns).fullmatch(key):
        return None
    found = (compiled(p).fullmatch(key) for p in patterns)
    return next((said for f in found if f and (said := _said(f, heading)) is not None), None)


def _said(found: re.Match[str], heading: str) -> dict[str, str] | None:
    said = {}
    for name, text in found.groupdict().items():
        if name in ("subject", "term", "scale"):
            said[name] = by_key(f"{name}s")[text]
        elif name == "academic_year":
            year = starting_year(text)
            if year is None:
                return None
            said[name] = year
        elif name == "assessment":
            said[name] = " ".join(heading.split())
        else:
            said[name] = text
    return said


def starting_year(digits: str) -> str | None:
    """`202526`, `20252026` or `2526` as `2025-26`; None where the years do not follow."""
    half = {4: 2, 6: 4, 8: 4}[len(digits)] if len(digits) in (4, 6, 8) else None
    # 2021 in a heading is more likely the year 2021 than 2020-21.
    if half is None or (len(digits) == 4 and digits.startswith("20")):
        return None
    starts, ends = digits[:half][-2:], digits[half:][-2:]
    if int(ends) != (int(starts) + 1) % 100:
        return None
    return f"20{starts}-{ends}"
