"""What a page says of one pupil and one result, from a row of a query."""

from typing import Any

import pandas as pd

from pipeline.reports.words import CHANGE, counted, number, said


def pupil(row: Any) -> str:
    """A pupil by name and admission number."""
    name = " ".join(filter(None, [row.forename, row.surname])) or "No name given"
    known = "no admission number" if pd.isna(row.admission_number) else row.admission_number
    return f"{name} ({known})"


def outcome(row: Any) -> str:
    """The outcome as the scale writes it; for marks the standardised score beside it."""
    if pd.isna(row.outcome):
        return "–"
    if row.scale_kind == "cohort" and not pd.isna(row.points):
        return f"{row.outcome} marks (standardised {number(row.points)})"
    return str(row.outcome)


def expected(row: Any) -> str:
    """What is expected of the year group and term, on the outcome's own scale."""
    if not pd.isna(row.expected_outcome):
        return str(row.expected_outcome)
    if pd.isna(row.flag_points):
        return "–"
    return f"{number(row.flag_points)} or more"


def gap(row: Any) -> str:
    """How far below, in the scale's own terms: terms behind, steps or points."""
    if not pd.isna(row.terms_behind) and row.terms_behind > 0:
        return f"{counted(int(row.terms_behind), 'term')} behind"
    if not pd.isna(row.steps_under) and row.steps_under > 0:
        return f"{counted(int(row.steps_under), 'step')} under"
    if pd.isna(row.points):
        return "below the scale"
    if not pd.isna(row.flag_points) and row.points < row.flag_points:
        under = number(row.flag_points - row.points)
        return f"{under} {'point' if under == '1' else 'points'} under"
    return "–"


def change(row: Any) -> str:
    """How the status stands against earlier terms; a dash where the subject is not due now."""
    return "–" if pd.isna(row.change) else said(CHANGE, row.change)
