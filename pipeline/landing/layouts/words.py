"""`data_schemas/words.toml`: the words of schools' systems, ready to look up."""

import re
import tomllib
from functools import cache
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
    said = set(word_key(heading).split())
    table = words()["results"]
    if said & set(table["but_not"]):
        return False
    return bool(said & set(table["looks_like"])) or any(w in by_key("subjects") for w in said)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A heading with placeholders as an expression over `heading_key` of a heading."""
    parts = re.split(r"\{(\w+)\}", pattern)
    made = ""
    for at, part in enumerate(parts):
        made += f"(?P<{part}>{_alternatives(part)})" if at % 2 else re.escape(heading_key(part))
    return re.compile(made)


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


def said_in(pattern: str, heading: str) -> dict[str, str] | None:
    """What a heading says by a pattern: `{"subject": "maths", "term": "autumn"}`; None: no fit."""
    found = compiled(pattern).fullmatch(heading_key(heading))
    if not found:
        return None
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
    if half is None:
        return None
    starts, ends = digits[:half][-2:], digits[half:][-2:]
    if int(ends) != (int(starts) + 1) % 100:
        return None
    return f"20{starts}-{ends}"
