"""What the path of a file says of it: school, academic year, term, subject."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.landing.layouts.columns import heading_key, word_key
from pipeline.landing.layouts.words import by_key, starting_year, words

YEAR = re.compile(r"(?<!\d)(20\d\d)[-_/ ]?(20\d\d|\d\d)(?!\d)")
# A URN (those of real schools begin with 1, invented ones here with 9) or a LAESTAB.
NUMBER = re.compile(r"[19]\d{5}|[1-9]\d{2}[-/]?\d{4}")
# A day of 2016 to 2039, as ddmmyy or yymmdd; a URN may look like one, and then is not taken for it.
DATE = re.compile(
    r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(1[6-9]|[23]\d)"
    r"|(1[6-9]|[23]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
)
# Files that stand in a path like a folder: others, or sheets, are within.
HOLDING_MORE = (".zip", ".xlsx", ".xlsm", ".xls", ".ods")


@dataclass(frozen=True)
class KnownSchool:
    """A school of the settings: its number, and the texts by which paths name it."""

    number: int
    texts: frozenset[str]


def known_school(number: int, names: Iterable[str | None]) -> KnownSchool:
    """A school with its numbers and names as paths are compared."""
    return KnownSchool(number, frozenset(heading_key(n) for n in names if n))


def said_by_path(path: str, schools: tuple[KnownSchool, ...]) -> dict[str, str]:
    """Standard columns that folders and file name give; nothing where they give two.

    A school is named by a folder or file of just its number (URN or LAESTAB; not a number that
    may be a date), or, where the settings have a [[school]], by its number or a name of it
    anywhere. The deepest folder decides.
    A school's name says nothing else: "Reading Primary School" is no subject.
    """
    parts = _parts(path)
    numbers = next((f for f in (_schools(p, schools) for p in parts) if f), set())
    parts = [_without_schools(p, schools) for p in parts]
    said: dict[str, str] = {}
    for name, read in READ:
        found = next((f for f in map(read, parts) if f), set())
        if len(found) == 1:
            said[name] = found.pop()
    if len(numbers) == 1:
        said["school"] = str(numbers.pop())
    elif not numbers and len(schools) == 1:
        said["school"] = str(schools[0].number)
    return said


def contradiction(path: str, schools: tuple[KnownSchool, ...]) -> tuple[str, str, str] | None:
    """The column (term or academic year) that a file's name and its folders say differently, and
    the two. A name that says both year and term, or a term and nothing else, is meant so; "summer
    fair" in a folder of autumn need not be.
    """
    parts = [_without_schools(p, schools) for p in _parts(path)]
    said = [(_terms(p), _years(p)) for p in parts]
    for name, one, other in (("term", 0, 1), ("academic_year", 1, 0)):
        telling = [s for s in said if len(s[one]) == 1]
        if not telling or telling[0][other] or _only_a_term(parts[said.index(telling[0])]):
            continue
        within, *around = telling
        differing = [
            min(s[one]) for s in around if s[one] != within[one] and (name == "term" or s[other])
        ]
        if differing:
            return name, min(within[one]), differing[0]
    return None


def place_of(path: str, part: str | None) -> str:
    """What is asked of a table: its path, and the sheet, whose name says what a file's could."""
    return f"{path}/{part}" if part else path


def text_of_said(said: Iterable[tuple[str, str]]) -> str | None:
    """What a path says as the ledger keeps it, in the order of the columns' names."""
    return "; ".join(f"{column}={value}" for column, value in sorted(said)) or None


def _parts(path: str) -> list[str]:
    """File name and folders, the deepest first, without their endings."""
    return [
        PurePosixPath(p).stem if i == 0 or p.lower().endswith(HOLDING_MORE) else p
        for i, p in enumerate(reversed(path.split("/")))
    ]


def _years(part: str) -> set[str]:
    found = {starting_year(starts + ends) for starts, ends in YEAR.findall(part)}
    return {year for year in found if year}


def _terms(part: str) -> set[str]:
    """Terms; beside words of a school's name only where an academic year stands with them."""
    return set() if _names_school(part) and not _years(part) else _of_words(part, "terms")


def _only_a_term(part: str) -> bool:
    said = [w for w in word_key(part).split() if w != "term"]
    return "".join(said) in by_key("terms")


def _subjects(part: str) -> set[str]:
    return _of_words(part, "subjects", 5)


def _scales(part: str) -> set[str]:
    """Scales by words that are not also names: `raw` and `mark` alone say nothing here."""
    return _of_words(part, "scales", 6)


def _assessments(part: str) -> set[str]:
    return _of_words(part, "assessments")


def _year_groups(part: str) -> set[str]:
    found = re.findall(r"\b(?:year|yr|y) ?0?(1[0-4]|[1-9])\b", word_key(part))
    if re.search(r"\breception\b", word_key(part)):
        found.append("R")
    return set(found)


READ: tuple[tuple[str, Callable[[str], set[str]]], ...] = (
    ("academic_year", _years),
    ("term", _terms),
    ("subject", _subjects),
    ("scale", _scales),
    ("assessment", _assessments),
    ("year_group", _year_groups),
)


def _of_words(part: str, table: str, shortest: int = 3) -> set[str]:
    """Meanings of one to three words of the part that follow each other."""
    if table != "terms" and _names_school(part):
        return set()
    said = re.findall(r"[a-z]+|[0-9]+", word_key(part))
    runs = ["".join(said[i : i + n]) for n in (1, 2, 3) for i in range(len(said) - n + 1)]
    known = by_key(table)
    return {known[w] for w in runs if w in known and len(w) >= shortest}


def _names_school(part: str) -> bool:
    return bool(set(word_key(part).split()) & set(words()["school_names"]["words"]))


def _without_schools(part: str, schools: tuple[KnownSchool, ...]) -> str:
    """A part of the path less the names of schools that the settings know."""
    said = word_key(part).split()
    for i in range(len(said)):
        for j in range(len(said), i, -1):
            if any("".join(said[i:j]) in s.texts for s in schools):
                return " ".join((*said[:i], *said[j:]))
    return part


def _schools(part: str, schools: tuple[KnownSchool, ...]) -> set[int]:
    said = word_key(part).split()
    runs = {"".join(said[i:j]) for i in range(len(said)) for j in range(i + 1, len(said) + 1)}
    found = {s.number for s in schools if s.texts & runs}
    alone = NUMBER.fullmatch(part.strip()) and not (DATE.fullmatch(part.strip()) or _years(part))
    if alone and not found:
        return {int(re.sub(r"\D", "", part))}
    return found
