"""How a pupil's progress and own target were judged, from a row of `queries/compared.sql`.

Each comparison with its two results, their files and lines, what was found and what is asked; or
why it was not made.
"""

from collections.abc import Iterator
from typing import Any

from pipeline.calendar import Term
from pipeline.explain.sheet import Sheet
from pipeline.reports import words

NOT_JUDGED = {
    "not_assessed": "there is no result this term",
    "not_comparable": "where attainment cannot be compared, nothing else is judged",
    "new_to_school": "not in the first {settling_terms} terms at a school (`settling_terms`)",
    "not_one_measure": "two scores on this scale may be of two tests, and are not one measure",
    "no_level": "the outcome has no place on the scale that could be compared",
    "error_unknown": "nobody has entered how exact this test is ([[paper]] in pipeline.toml)",
    "measured_otherwise": "no earlier result is on the same scale and of the same kind",
    "none_earlier": "there is no earlier result",
    "last_has_no_level": "the last result, {last}, has no place on the scale to fall from",
    "last_error_unknown": "nobody has entered how exact the test of the last result was, {last}",
    "none_the_term_before": "on a scale of few outcomes one step has to be seen in two terms "
    "running, and the term before has no result; the last is {last}",
    "few_earlier": "on a scale of few outcomes one step has to be seen in two terms running, from "
    "a standing seen twice, and there are fewer than three earlier results",
    "no_expectation": "the scale expects nothing of this year group and term to measure by",
    "under_the_scale": "the outcome is under the whole scale, which alone is not short enough to "
    "be slow; how far under is not known, so neither is whether progress is enough",
    "none_last_year": "there is no result of {year_term} to compare, the same term last year",
}


def progress_lines(row: Any, sheet: Sheet) -> Iterator[str]:
    """Drop, slow and target; one line for both of the first where the same stands in their way."""
    if row.drop_said == row.slow_said and row.drop_said in NOT_JUDGED:
        yield f"Progress is not judged: {_not_judged(row, row.drop_said, sheet)}."
    else:
        yield f"drop: {_drop(row, sheet)}"
        yield f"slow: {_slow(row, sheet)}"
    yield f"off_target: {_target(row)}"


def _not_judged(row: Any, why: str, sheet: Sheet) -> str:
    return NOT_JUDGED[why].format(
        settling_terms=row.settling_terms,
        last=_then(row, "last", sheet) if row.last_outcome is not None else "",
        year_term=words.term(row.year_term_no),
    )


def _outcome(row: Any, outcome: str, points: float | None) -> str:
    if row.scale_kind == "cohort" and points is not None:
        return f"{outcome} marks (ranks as {words.number(points)})"
    return outcome


def _then(row: Any, which: str, sheet: Sheet) -> str:
    """An earlier result: `2b in spring 2025-26 (file 3, line 7)`."""
    value = {
        name: getattr(row, f"{which}_{name}")
        for name in ("outcome", "points", "term_no", "file_id", "line")
    }
    told = _outcome(row, str(value["outcome"]), value["points"])
    place = sheet.at(value["file_id"], value["line"])
    return f"{told} in {words.term(value['term_no'])} ({place})"


def _drop(row: Any, sheet: Sheet) -> str:
    if row.drop_said in NOT_JUDGED:
        return f"not judged: {_not_judged(row, row.drop_said, sheet)}."
    now = _outcome(row, row.outcome, row.points)
    verdict = "So this is a drop." if row.dropped else "So this is no drop."
    if row.scale_kind != "ladder":
        return (
            f"{now} now, {_then(row, 'last', sheet)}: {_lower(row.fell_by, 'point')}. A drop is "
            f"more than {words.number(row.noise)} points, {row.noise_factor:g} × the error of the "
            f"difference, √({row.last_standard_error:.3g}² + {row.standard_error:.3g}²). {verdict}"
        )
    if row.on_few_outcomes:
        then = [_then(row, which, sheet) for which in ("last", "before", "earlier")]
        return (
            f"{now} now, {words.listed(then)}. On a scale of {row.few_outcomes:g} outcomes or "
            f"fewer a drop is one step, seen in two terms running from a standing seen twice: both "
            f"of the later results lower than both of the two before. {verdict}"
        )
    lower = f"{_least(row)}{_lower(row.fell_by, 'step')}"
    return (
        f"{now} now, {_then(row, 'last', sheet)}: {lower}. A drop is {row.noise:g} steps or more. "
        f"{verdict}"
    )


def _least(row: Any) -> str:
    """An outcome under the whole scale may be further down than one step."""
    return "at least " if row.too_low and row.fell_by > 0 else ""


def _lower(by: float, unit: str) -> str:
    return f"{_count(by, unit)} lower" if by > 0 else "not lower"


def _count(number: float, unit: str) -> str:
    told = words.number(number)
    return f"{told} {unit if told == '1' else unit + 's'}"


def _slow(row: Any, sheet: Sheet) -> str:
    if row.slow_said in NOT_JUDGED:
        return f"not judged: {_not_judged(row, row.slow_said, sheet)}."
    since = [("base", row.short_since_base), ("year", row.short_since_year)]
    if row.base_term_no == row.year_term_no:
        since = since[1:]
    told = "; ".join(f"{_then(row, which, sheet)}: {_short(row, by)}" for which, by in since)
    which = "Since the earliest result to compare and the same term last year"
    if len(since) == 1:
        which = "Since the same term last year, also the earliest result to compare"
    verdict = "So progress is slow." if row.slow else "So progress is not slow."
    return f"{which}: {told}. Slow is {_asked(row)}. {verdict}"


def _short(row: Any, by: float) -> str:
    unit = "step" if row.scale_kind == "ladder" else "error"
    if by <= 0:
        return "not lower" if row.own_steps or unit == "error" else "not short"
    if unit == "error":
        return f"lower by {by:.2f} errors of the difference"
    return f"{_count(by, 'step')} {'lower' if row.own_steps else 'short of what is expected since'}"


def _asked(row: Any) -> str:
    if row.scale_kind != "ladder":
        return f"more than {row.noise_factor:g} errors by both"
    if row.on_few_outcomes:
        return "one step or more by both, in two terms running"
    return f"{row.noise_steps:g} steps or more by both"


def _target(row: Any) -> str:
    if row.target is None:
        return "no target was sent with the result."
    told = f"the pupil's own target is {row.target} by {row.target_term}"
    if row.target_points is None:
        return f"{told}, which is no outcome of the scale (or is in raw marks): shown, not judged."
    if row.on_target is None and Term(row.term_no).term != row.target_term:
        return f"{told}; it is judged in that term only."
    if row.on_target is None:
        return f"{told}; there is no result to judge it by."
    if row.on_target:
        return f"{told}, and is met."
    if row.off_target:
        return f"{told}, and is missed."
    return f"{told}; where attainment cannot be compared, nothing else is judged."
