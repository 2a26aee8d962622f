"""The standard columns, the parts from which some are made, and how headings are compared."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from typing import Any

from pipeline.resources import resource

# A heading may hold what makes up one or two standard columns.
PARTS = ("full_name", "cohort", "la_number", "estab_number", "period")
# No heading that is known is as long; more of a cell is not looked at.
LONGEST_HEADING = 300
# What each result of a row may have of its own.
RESULT_COLUMNS = (
    *("subject", "scale", "outcome", "academic_year", "term"),
    *("assessment", "assessment_kind", "assessment_date", "target", "target_term"),
)


@cache
def standard() -> dict[str, Any]:
    """`data_schemas/columns.toml`: the standard export columns."""
    path = resource("data_schemas", "standard_columns.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def standard_columns() -> tuple[str, ...]:
    """Every standard column, in one fixed order."""
    s = standard()
    return tuple(
        s["required"] + s["one_of"] + s["results_only"] + s["optional"] + s["optional_in_results"]
    )


def header_key(text: str) -> str:
    """How standard headings are compared: without case, spaces and underscores."""
    return _header_key(text[:LONGEST_HEADING])


@lru_cache(maxsize=65536)
def _header_key(text: str) -> str:
    return "".join(c for c in text.casefold() if not c.isspace() and c != "_")


def word_key(text: str) -> str:
    """How words are compared: lower case, accents off, one space where anything else stood."""
    return _word_key(text[:LONGEST_HEADING])


@lru_cache(maxsize=65536)
def _word_key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9%]+", " ", plain).strip()


def heading_key(text: str) -> str:
    """How other headings are compared: as words, and without the spaces between them."""
    return _heading_key(text[:LONGEST_HEADING])


@lru_cache(maxsize=65536)
def _heading_key(text: str) -> str:
    return _word_key(text).replace(" ", "")
