"""Reasons as sentences that a teacher can read aloud, made from the figures of a flag.

Rows are those of `queries/told.sql`. A pupil is called by name or "the pupil", never he or she.
"""

from typing import Any

from pipeline.reports import words

BAND = {"clear": "Clear", "borderline": "Borderline"}


def sentences(rows: list[Any], name: str = "") -> str:
    """All reasons for one pupil's status in one subject, one after the other."""
    return " ".join(sentence(row, name) for row in rows)


def sentence(row: Any, name: str = "") -> str:
    """One reason: what was found, what was expected, and how sure that is."""
    if row.reason == "low_growth":
        return _low_growth(row)
    told = {"below": _below, "slow": _slow, "drop": _drop, "off_target": _off_target}
    return f"{told[row.reason](row, name)} {_sure(row)}"


def _now(row: Any, name: str) -> str:
    """`In spring Amy's reading was 2b`."""
    whose = f"{name}'s" if name else "the pupil's"
    return f"In {row.term} {whose} {row.subject} was {_outcome(row.outcome, row.points, row)}"


def _outcome(outcome: Any, points: Any, row: Any) -> str:
    """As the scale writes it; a mark by the score that its rank stands for."""
    if row.scale_kind == "cohort" and points is not None:
        return f"{outcome} marks (ranks as {points:.0f})"
    return str(outcome)


def _expected(row: Any) -> str:
    return str(row.expected_outcome or words.number(row.expected))


def _below(row: Any, name: str) -> str:
    expected = _expected(row) if row.scale_kind == "ladder" else f"{_expected(row)} or more"
    year = words.year_group(row.year_group)
    text = f"{_now(row, name)}; {expected} is expected in {year} by then"
    if row.last_expected_term:
        of_year = words.year_group(row.last_expected_year)
        within = "" if of_year == year else f" of {of_year}"
        text += f"; {row.outcome} was last expected in {row.last_expected_term}{within}"
    return f"{text}."


def _slow(row: Any, name: str) -> str:
    then = f"{words.term(row.baseline_term_no)}: {_baseline(row)}"
    if row.expected == row.baseline:
        wanted = "at least the same was expected since"
    else:
        wanted = f"with the progress that is expected since, it would be {_expected(row)}"
    return (
        f"{_now(row, name)}. The earliest result to compare is that of {then}; {wanted}. It is "
        f"short of what is expected since the same term last year too."
    )


def _baseline(row: Any) -> str:
    return _outcome(row.baseline_outcome, row.baseline, row)


def _drop(row: Any, name: str) -> str:
    then = f"{_baseline(row)} in {words.term(row.baseline_term_no)}"
    return f"{_now(row, name)}, lower than {then} by more than chance alone explains."


def _off_target(row: Any, name: str) -> str:
    return f"{_now(row, name)}; the pupil's own target for this term is {row.target}."


def _low_growth(row: Any) -> str:
    """No band of its own: it makes nothing surer, and is none by itself."""
    more, fewest, most = (100 - at for at in (row.percentile, row.highest, row.lowest))
    return (
        f"Of 100 pupils with the same earlier results in {row.subject}, about {more} scored more "
        f"this time (as tests have errors, {fewest} to {most} are possible; {row.n:,} pupils are "
        f"compared). This supports what is said before it and is no reason by itself."
    )


def _sure(row: Any) -> str:
    band = BAND[row.certainty_band]
    if row.certainty is not None:
        return f"{band}: {100 * min(row.certainty, 0.99):.0f}% likely."
    if row.reason == "below" and row.agreeing_kind:
        other = {"test": "test", "teacher": "teacher's assessment"}[row.agreeing_kind]
        return f"{band}: the {other} says the same."
    if row.certainty_band == "clear":
        itself = row.value is None and row.reason in ("below", "off_target")
        return "Clear: the outcome itself says so." if itself else "Clear."
    if row.reason == "below" and row.value is None:
        return (
            "Borderline: the outcome does not say how far under, and no second assessment says the "
            "same."
        )
    if row.scale_kind == "ladder":
        return "Borderline: one step, and no second assessment says the same."
    return "Borderline: the margin of error is not known."
