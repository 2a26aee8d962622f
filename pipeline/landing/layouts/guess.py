"""What each column of an unknown file may be, by its heading and by the sort of its values."""

import difflib
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pipeline.landing.layouts.columns import heading_key, word_key
from pipeline.landing.layouts.kinds import Kind, holds_values, kind_of
from pipeline.landing.layouts.words import by_key, looks_like_result, words

# Columns by the sort of value that they hold; others hold any text.
HOLDS = {
    "upn": "upn", "former_upn": "upn", "date_of_birth": "date", "entry_date": "date",
    "leaving_date": "date", "assessment_date": "date", "sex": "sex", "year_group": "year_group",
    "pupil_premium": "flag", "fsm6": "flag", "eal": "flag", "looked_after": "flag", "sen": "sen",
    "academic_year": "academic_year", "term": "term", "school": "school", "subject": "subject",
    "scale": "scale", "cohort": "cohort",
}  # fmt: skip
TEXTS = ("surname", "forename", "admission_number", "class_name", "teacher")
# Sorts of value that no other column holds.
TELLING = ("upn", "sex", "academic_year", "term", "subject", "cohort", "full_name")
# Tests of a term are sat within so many days; dates of birth lie further apart.
DAYS_OF_TESTS = 62
ALIKE, ALIKE_BY_KIND = 0.8, 0.66
MOST_SPEAK = 0.6
# Words of headings that are names of people too.
NAMES_TOO = {
    "autumn", "born", "child", "childs", "english", "given", "grammar", "known", "mark", "marks",
    "paper", "read", "reading", "reg", "spring", "star", "summer",
}  # fmt: skip


@dataclass(frozen=True)
class Guess:
    """What a column may be: a standard column, or a result of `subject` and `term`; with reason."""

    place: int
    heading: str
    kind: Kind
    column: str | None = None
    known: bool = False
    reason: str = ""
    result: bool = False
    subject: str | None = None
    term: str | None = None
    scale: str | None = None


def are_headings(row: list[str]) -> bool:
    """Whether a row may be shown: no value stands in it, and enough of it speaks as headings do.

    Pupils in the place of headings, as in a table with a column for each pupil, do not.
    """
    there = [c for c in row if c.strip()]
    if not there or holds_values(there):
        return False
    known = sum(heading_key(c) in by_key("headings") for c in there)
    said = [set(word_key(c).split()) for c in there]
    speaking = sum(bool(s & _vocabulary()) for s in said)
    if known >= 2:
        speaking = sum(bool(s & (_vocabulary() | _result_words())) for s in said)
    enough = speaking >= MOST_SPEAK * len(there)
    return known >= 3 or (enough and (known >= 2 or speaking >= 3))


def guess_columns(headings: list[str], sample: list[list[str]]) -> list[Guess]:
    """A guess for each column. Of two that could be one standard column the better has it."""
    made = []
    taken = {by_key("headings")[k] for h in headings if (k := heading_key(h)) in by_key("headings")}
    for place, heading in enumerate(headings):
        values = [row[place] for row in sample if place < len(row)]
        found = _guess(place, heading, kind_of(values), values, taken)
        if found.column:
            taken.add(found.column)
        made.append(found)
    return made


def _guess(place: int, heading: str, kind: Kind, values: list[str], taken: set[str]) -> Guess:
    key = heading_key(heading)
    if key in by_key("headings"):
        return Guess(place, heading, kind, by_key("headings")[key], known=True)
    result = _result(place, heading, kind)
    if result:
        return result
    column, reason = _by_heading(heading, kind, taken) or _by_kind(kind, values, taken) or ("", "")
    return Guess(place, heading, kind, column or None, reason=reason)


def _result(place: int, heading: str, kind: Kind) -> Guess | None:
    """A column of results: its heading names a subject, or its values are outcomes."""
    outcomes = kind.name.startswith("scale ") or kind.name in ("score", "number", "blank")
    subject, term = _word(heading, "subjects"), _word(heading, "terms")
    if not (outcomes and looks_like_result(heading)) and not kind.name.startswith("scale "):
        return None
    scale = kind.name.removeprefix("scale ") if kind.name.startswith("scale ") else None
    said = _word(heading, "scales")
    if not scale:
        scale = said or {"score": "standardised", "number": "raw"}.get(kind.name)
    return Guess(
        *(place, heading, kind), result=True, subject=subject, term=term, scale=scale
    )  # fmt: skip


def _by_heading(heading: str, kind: Kind, taken: set[str]) -> tuple[str, str] | None:
    key, said = heading_key(heading), set(word_key(heading).split())
    best: tuple[float, str] = (0.0, "")
    compare = difflib.SequenceMatcher(None, "", key)
    for known, column in by_key("headings").items():
        if column in taken or not key:
            continue
        holds = HOLDS.get(column)
        agrees = holds == kind.name
        if holds and not agrees and kind.name not in ("blank", "few", "text"):
            continue
        least = max(best[0], ALIKE_BY_KIND if agrees else ALIKE)
        compare.set_seq1(known)
        # Two quick looks that are never too low spare most of the slow ones.
        if compare.real_quick_ratio() >= least and compare.quick_ratio() >= least:
            alike = compare.ratio()
            if alike >= least and alike > best[0]:
                best = (alike, column)
    if best[1]:
        return best[1], "the heading is like one that is known"
    for words_of, column in _heading_words():
        if column not in taken and words_of <= said and _may_hold(column, kind):
            return column, "the heading holds the words of one that is known"
    return None


def _may_hold(column: str, kind: Kind) -> bool:
    if column in TEXTS:
        return kind.name in ("text", "few", "number")
    return HOLDS.get(column) == kind.name


def _by_kind(kind: Kind, values: list[str], taken: set[str]) -> tuple[str, str] | None:
    column = kind.name if kind.name in TELLING else None
    if kind.date_form:
        days = [
            datetime.strptime(v.strip().split(" 00:00")[0], kind.date_form)
            for v in values
            if _reads(v, kind.date_form)
        ]
        close = (max(days) - min(days)).days <= DAYS_OF_TESTS and len(days) > 3
        column = "assessment_date" if close else "date_of_birth"
    if column and column not in taken:
        return column, "its values are of that sort"
    return None


def _reads(value: str, form: str) -> bool:
    try:
        return bool(datetime.strptime(value.strip().split(" 00:00")[0], form))
    except ValueError:
        return False


def _word(heading: str, table: str) -> str | None:
    """What a word, or two or three together, of a heading stand for; the longest first."""
    said = re.findall(r"[a-z]+|[0-9]+", word_key(heading))
    runs = ["".join(said[i : i + n]) for n in (3, 2, 1) for i in range(len(said) - n + 1)]
    return next((by_key(table)[r] for r in runs if r in by_key(table)), None)


@cache
def _vocabulary() -> frozenset[str]:
    """Words of headings that are no names of people."""
    headings = [h for said in words()["headings"].values() for h in said]
    all_words = {w for h in headings for w in word_key(h).split() if len(w) > 2}
    return frozenset(all_words | set(words()["results"]["looks_like"])) - NAMES_TOO


@cache
def _result_words() -> frozenset[str]:
    """Words of headings of results, some of which are names of people too."""
    tables = ("subjects", "terms", "scales")
    said = {m: s for table in tables for m, s in words()[table].items()}
    return frozenset(w for m, s in said.items() for h in (m, *s) for w in word_key(h).split())


@cache
def _heading_words() -> tuple[tuple[frozenset[str], str], ...]:
    """The words of each known heading, most words first."""
    made = [
        (frozenset(word_key(h).split()), column)
        for column, headings in words()["headings"].items()
        for h in headings
    ]
    return tuple(sorted(made, key=lambda m: -len(m[0])))
