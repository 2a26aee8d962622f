"""What a page says of one pupil and one result, from a row of a query."""

from typing import Any

from pipeline.reports.text import name as cut
from pipeline.reports.words import (
    CHANGE,
    NO_RESULT,
    NOT_COMPARABLE,
    SURE,
    counted,
    number,
    ordinal,
    said,
    term,
)


def pupil(row: Any) -> str:
    """A pupil by name and admission number."""
    name = cut(" ".join(filter(None, [row.forename, row.surname]))) or "No name given"
    return f"{name} ({cut(row.admission_number or 'no admission number')})"


def outcome(row: Any) -> str:
    """The outcome as the scale writes it; for marks the score that their rank stands for."""
    if row.outcome is None:
        return "–"
    if row.scale_kind == "cohort" and row.points is not None:
        marks = "mark" if row.outcome == "1" else "marks"
        return f"{row.outcome} {marks} (ranks as {row.points:.0f})"
    return str(row.outcome)


def expected(row: Any) -> str:
    """What is expected of the year group and term, on the outcome's own scale."""
    if row.expected_outcome is not None:
        return str(row.expected_outcome)
    if row.flag_points is None:
        return "–"
    score = number(row.flag_points)
    return f"standardised {score}" if row.scale_kind == "cohort" else f"{score} or more"


def gap(row: Any) -> str:
    """How far below, in the scale's own terms: steps, with the terms they stand for, or points."""
    if row.steps_under:
        behind = f" ({counted(row.terms_behind, 'term')} behind)" if row.terms_behind else ""
        return f"{counted(row.steps_under, 'step')} under{behind}"
    if row.points is None:
        return "standard not met" if row.not_met else "below the scale"
    if row.flag_points is None or row.points >= row.flag_points:
        return "–"
    under = row.flag_points - row.points
    if under < 1:
        return "less than 1 point under"
    if row.scale_kind == "cohort":
        # The rounded rank is shown beside it, and the two have to fit together.
        under = row.flag_points - round(row.points)
    return f"{number(under)} {'point' if number(under) == '1' else 'points'} under"


def sure(row: Any) -> str:
    """How sure it is that the pupil is below, as far as the scale lets one know."""
    return said(SURE, row.sureness)


def gap_size(row: Any) -> tuple[float, float, float]:
    """For sorting within one scale: the larger, the further below.

    What is below the scale is the furthest of all.
    """
    if row.points is None:
        return (float("inf"),) * 3
    if row.steps_under is not None or row.flag_points is None:
        return (row.terms_behind or 0, row.steps_under or 0, 0)
    return (0, 0, row.flag_points - row.points)


def target(row: Any) -> str:
    """The pupil's own target and the term it is for."""
    if row.target is None:
        return "no target sent"
    return f"{row.target}, by {row.target_term or 'summer'}"


def change(row: Any) -> str:
    """How the status stands against earlier terms; a dash where the subject is not due now."""
    if row.change is None:
        return "–"
    bridged = row.change == "scale_changed" and row.bridge_pupils
    return said(CHANGE, row.change) + (f": {_places(row)}" if bridged else "")


def _places(row: Any) -> str:
    """`of the same 26 pupils, 14th then and 9th to 12th now`."""
    then, now = _place(row.place_then, row.level_then), _place(row.place_now, row.level_now)
    return f"of the same {row.bridge_pupils} pupils, {then} then and {now} now"


def _place(first: int, level: int) -> str:
    return ordinal(first) if level == 1 else f"{ordinal(first)} to {ordinal(first + level - 1)}"


def why_not_assessed(row: Any) -> str:
    """The reason that was sent for a missing result."""
    if row.scale is None:
        return "no result was sent"
    if row.no_result_reason is None:
        return "no outcome was given"
    return said(NO_RESULT, row.no_result_reason)


def why_not_comparable(row: Any) -> str:
    """Why a result can be compared with nothing."""
    return said(NOT_COMPARABLE, row.not_comparable_reason)


def notes(row: Any) -> str:
    """What else to know of the result or the pupil."""
    held = {
        "teacher and test differ": row.kinds_differ,
        "two assessments differ": row.assessments_differ and not row.kinds_differ,
        "new to English": row.new_to_english,
        "new to the school": row.new_to_school and not row.new_to_english,
    }
    return ", ".join(text for text, holds in held.items() if holds) or "–"


def from_earlier(row: Any, term_no: int) -> str:
    """` (summer 2024-25)` where a result of an earlier term is used, else nothing."""
    if row.from_term_no is None or row.from_term_no == term_no:
        return ""
    return f" ({term(row.from_term_no)})"
