"""What a page says of one pupil and one result, from a row of a query."""

from typing import Any

from pipeline.reports.words import CHANGE, NO_RESULT, NOT_COMPARABLE, counted, number, said, term


def pupil(row: Any) -> str:
    """A pupil by name and admission number."""
    name = " ".join(filter(None, [row.forename, row.surname])) or "No name given"
    return f"{name} ({row.admission_number or 'no admission number'})"


def outcome(row: Any) -> str:
    """The outcome as the scale writes it; for marks the standardised score beside it."""
    if row.outcome is None:
        return "–"
    if row.scale_kind == "cohort" and row.points is not None:
        return f"{row.outcome} marks (standardised {number(row.points)})"
    return str(row.outcome)


def expected(row: Any) -> str:
    """What is expected of the year group and term, on the outcome's own scale."""
    if row.expected_outcome is not None:
        return str(row.expected_outcome)
    return "–" if row.flag_points is None else f"{number(row.flag_points)} or more"


def gap(row: Any) -> str:
    """How far below, in the scale's own terms: terms behind, steps or points."""
    if row.terms_behind:
        return f"{counted(row.terms_behind, 'term')} behind"
    if row.steps_under:
        return f"{counted(row.steps_under, 'step')} under"
    if row.points is None:
        return "below the scale"
    if row.flag_points is not None and row.points < row.flag_points:
        under = number(row.flag_points - row.points)
        return f"{under} {'point' if under == '1' else 'points'} under"
    return "–"


def gap_size(row: Any) -> tuple[float, float, float]:
    """For sorting within one scale: the larger, the further below.

    What is below the scale is the furthest of all.
    """
    if row.points is None:
        return (float("inf"),) * 3
    return (row.terms_behind or 0, row.steps_under or 0, row.gap_sd or 0)


def target(row: Any) -> str:
    """The pupil's own target and the term it is for; a dash where there is none."""
    if row.target is None:
        return "–"
    return f"{row.target}, by {row.target_term or 'summer'}"


def change(row: Any) -> str:
    """How the status stands against earlier terms; a dash where the subject is not due now."""
    return "–" if row.change is None else said(CHANGE, row.change)


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
        "teacher and test differ": row.assessments_differ,
        "new to English": row.new_to_english,
        "new to the school": row.new_to_school and not row.new_to_english,
    }
    return ", ".join(text for text, holds in held.items() if holds) or "–"


def from_earlier(row: Any, term_no: int) -> str:
    """` (summer 2024-25)` where a result of an earlier term is used, else nothing."""
    if row.from_term_no is None or row.from_term_no == term_no:
        return ""
    return f" ({term(row.from_term_no)})"
