"""One StageAssessment as standard columns, or the reason why it is set aside."""

import re
from collections import Counter

from pipeline.calendar import Term
from pipeline.landing.reading.ctf_pupil import Said
from pipeline.landing.reading.ctf_results import Codes, CtfResults

# What is no code of results.toml may be anything that was put into the wrong place, a name or a
# UPN too, and is not repeated.
NOT_KNOWN = "(not known)"


def academic_year(starting_year: str) -> str:
    """From the year in which it starts: `2024` is `2024-25`; empty where it is no year."""
    return Term(3 * int(starting_year)).academic_year if is_year(starting_year) else ""


def is_year(text: str) -> bool:
    return bool(re.fullmatch(r"(19|20)[0-9]{2}", text))


def understood(
    result: Said, meanings: CtfResults, unmapped: Counter[Codes]
) -> dict[str, str] | str:
    """Values of the standard columns that a result fills, or the reason why it is set aside.

    The outcome stays as sent: the scale says which texts, such as A, are no result. Codes without
    a meaning are counted in `unmapped`.
    """
    if result.unsure:
        return "The result says two things in one element's place."
    if not result.get("result"):
        return "The Result is empty."
    if result.get("resultstatus", "").upper() != "R":
        return "The ResultStatus is not R, so it is not known to be a final result."
    if not is_year(result.get("year", "")):
        return "The Year is not a year such as 2025."
    codes = Codes(*(result.get(name, "").upper() for name in _NAMES))
    ends_in = int(result["year"])
    meaning = meanings.meaning(codes, ends_in)
    if meaning is None:
        places = zip(codes, meanings.known, strict=True)
        shown = Codes(*(code if code in known else NOT_KNOWN for code, known in places))
        unmapped[shown] += 1
        return _no_meaning(shown, ends_in, meanings.awaits_confirmation(codes, ends_in))
    return {
        "academic_year": academic_year(str(ends_in - 1)),
        "term": meaning.term,
        "subject": meaning.subject,
        "scale": meaning.scale,
        "outcome": result["result"],
        "assessment": meaning.assessment,
        "assessment_kind": meaning.kind,
        "assessment_date": result.get("resultdate", ""),
    }


_NAMES = ("stage", "subject", "method", "component", "resultqualifier")


def _no_meaning(shown: Codes, year: int, awaits_confirmation: bool) -> str:
    codes = " ".join(code or "(none)" for code in shown)
    if awaits_confirmation:
        return (
            f"What the codes {codes} of {year} mean is not verified; to use them, confirm their "
            f"entry in ctf/results.toml."
        )
    return (
        f"What the codes {codes} of {year} mean is not known; an entry in ctf/results.toml tells."
    )
