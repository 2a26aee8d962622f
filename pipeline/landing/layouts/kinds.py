"""What sort of values a column holds, told without quoting one of them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pipeline.identifiers import upn_kind
from pipeline.landing.layouts.columns import heading_key
from pipeline.landing.layouts.words import by_key, words
from pipeline.scales import read_scales, text_key

# Forms of dates, as `dates` of a layout has them, and as they are shown to people.
DATES = (
    ("%Y-%m-%d", "2017-03-14"),
    ("%d/%m/%Y", "14/03/2017"),
    ("%d/%m/%y", "14/03/17"),
    ("%d-%m-%Y", "14-03-2017"),
    ("%d.%m.%Y", "14.03.2017"),
    ("%d %b %Y", "14 Mar 2017"),
    ("%d %B %Y", "14 March 2017"),
    ("%m/%d/%Y", "03/14/2017"),
)
NUMBER = r"-?\d+(\.\d+)?\*?"
YEAR_GROUP = r"(year|yr|y)? ?0?(1[0-4]|[1-9])(\.0)?|reception|yr ?r|year ?r|r|n1|n2"
# A column is of a sort where so many of its values are, and the others may be slips.
MOST = 0.9


@dataclass(frozen=True)
class Kind:
    """A sort of value: `name` for the program, `told` for people, `date_form` of dates."""

    name: str
    told: str
    date_form: str | None = None


OF_A_PUPIL = ("upn", "admission_number", "full_name", "surname", "forename", "date_of_birth")
Finder = Callable[[list[str]], Kind | None]


def kind_of(values: Iterable[str]) -> Kind:
    """The sort of a column's values. What it says names no value."""
    there = [" ".join(v.split()) for v in values if v.strip() and heading_key(v) not in _nothing()]
    if not there:
        return Kind("blank", "no values in the rows looked at")
    for finder in FINDERS:
        found = finder(there)
        if found:
            return found
    if len(set(there)) > 0.6 * len(there) and len(there) > 3:
        return Kind("text", "texts, nearly all different")
    return Kind("few", "texts that come again and again")


def holds_values(row: Iterable[str]) -> bool:
    """Whether a row is of values and not of headings: a UPN, a date or a number stands in it."""
    return any(
        _is_upn(text)
        or re.fullmatch(NUMBER, text)
        or any(_is_date(text, form) for form, _ in DATES)
        for cell in row
        if (text := cell.strip())
    )


def is_second_row(upper: list[str], lower: list[str]) -> bool:
    """Whether the row beneath headings may be more headings, and is not the first pupil.

    A pupil's row holds values, or has a text beneath a heading of names that is no heading.
    """
    known = by_key("headings")
    return not holds_values(lower) and not any(
        known.get(heading_key(top)) in OF_A_PUPIL
        and heading_key(bottom)
        and not {heading_key(bottom), heading_key(top + bottom)} & known.keys()
        for top, bottom in zip(upper, lower, strict=False)
    )


def _date(values: list[str]) -> Kind | None:
    for form, shown in DATES:
        if _most(values, lambda v, form=form: _is_date(v, form)):  # type: ignore[misc]
            return Kind("date", f"dates as {shown}", form)
    return None


def _ladder(values: list[str]) -> Kind | None:
    for name, texts in _ladders():
        if _most(values, lambda v, texts=texts: text_key(v) in texts):  # type: ignore[misc]
            return Kind(f"scale {name}", f"outcomes of the scale {name}")
    return None


def _school(values: list[str]) -> Kind | None:
    """Numbers as schools have, of a few schools; as many as pupils are admission numbers."""
    few = len(set(values)) <= max(1, len(values) // 3)
    if few and _most(values, _is(r"[1-9]\d{5}|[1-9]\d\d/?\d{4}")):
        return Kind("school", "numbers of 6 or 7 digits, as schools have")
    return None


def _number(values: list[str]) -> Kind | None:
    """A scale by the size of its numbers: standardised and scaled scores keep to their limits."""
    numbers = [float(v.rstrip("*")) for v in values if re.fullmatch(NUMBER, v)]
    if len(numbers) < MOST * len(values):
        return None
    if any(n != int(n) for n in numbers):
        return Kind("number", "numbers with decimals")
    if min(numbers) >= 80 and max(numbers) <= 120:
        return Kind("score", "whole numbers from 80 to 120, as scaled and standardised scores are")
    if min(numbers) >= 59 and max(numbers) <= 150:
        return Kind(
            "scale standardised", "whole numbers from 59 to 150, as standardised scores are"
        )
    return Kind("number", "whole numbers")


def _plain(name: str, told: str, fits: Callable[[str], bool]) -> Finder:
    return lambda values: Kind(name, told) if _most(values, fits) else None


def _is(pattern: str) -> Callable[[str], bool]:
    return lambda v: bool(re.fullmatch(pattern, v, re.IGNORECASE))


def _is_word(table: str) -> Callable[[str], bool]:
    return lambda v: heading_key(v) in by_key(table)


def _is_upn(text: str) -> bool:
    return upn_kind(text.replace(" ", "").upper()) != "invalid"


def _most(values: list[str], fits: Callable[[str], bool]) -> bool:
    return sum(map(fits, values)) >= MOST * len(values)


def _is_date(text: str, form: str) -> bool:
    if not text[:1].isdigit():
        return False
    try:
        return 1900 < datetime.strptime(text.split(" 00:00")[0], form).year < 2100
    except ValueError:
        return False


@cache
def _nothing() -> frozenset[str]:
    return frozenset(heading_key(w) for w in words()["no_result"]["blank"]) | {""}


@cache
def _ladders() -> tuple[tuple[str, frozenset[str]], ...]:
    """Texts of the scales that have named outcomes; codes for no result are on several."""
    return tuple(
        (
            name,
            frozenset(
                text_key(t)
                for t in (
                    *(t for o in scale.outcomes for t in (o.outcome, *o.also)),
                    *(t for t in scale.too_low_for_points if len(t) > 1),
                )
            )
            - {"W"},
        )
        for name, scale in sorted(read_scales().items(), reverse=True)
        if scale.kind == "ladder"
    )


# In the order in which they are tried: `1` and `0` are flags before they are year groups.
FINDERS: tuple[Finder, ...] = (
    _date,
    _plain("upn", "UPNs, 13 characters", _is_upn),
    _plain("academic_year", "academic years as 2025/26", _is(r"20\d\d[-/](20)?\d\d")),
    _plain("cohort", "cohorts as Y4 in 2024/2025", _is(r"\S+ in 20\d\d[-/](20)?\d\d")),
    _plain("flag", "Y and N, T and F, Yes and No, or 1 and 0", _is("[yntf01]|yes|no|true|false")),
    _plain("sex", "M and F", _is("[mf]|male|female")),
    _plain("sen", "N, K and E", _is("[nke]")),
    _plain("term", "terms", _is_word("terms")),
    _plain("subject", "subjects", _is_word("subjects")),
    _plain("scale", "names of scales", _is_word("scales")),
    _ladder,
    _plain("year_group", "year groups", _is(YEAR_GROUP)),
    _school,
    _number,
    _plain("full_name", "texts with a comma, as surname and forename", _is(r"[^\d,]+,[^\d,]+")),
)
