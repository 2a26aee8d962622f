"""Codes of the warehouse in the words of a school."""

import datetime as dt
from typing import Any

from pipeline.calendar import Term

CHANGE = {
    "new": "newly underachieving",
    "continuing": "underachieving last time too",
    "recovered": "on track again",
    "on_track": "on track, as before",
    "not_seen": "underachieving last time, no result now",
    "first_seen": "no earlier result",
    "no_result": "no result",
    "scale_changed": "assessed differently last time",
}
STATUS = {
    "on_track": "on track",
    "underachieving": "underachieving",
    "not_assessed": "not assessed",
    "not_comparable": "not comparable",
}
REASON = {
    "below": "below what is expected",
    "slow": "slow progress",
    "drop": "lower than last time",
    "off_target": "under the pupil's own target",
    "low_growth": "little growth beside pupils with the same start (supports another reason)",
}
PROFILE = {
    ("below", "too_little"): "Below and slow",
    ("below", "enough"): "Below but catching up",
    ("below", "not_known"): "Below expectation",
    ("at_expectation", "too_little"): "At expectation but slipping",
    ("at_expectation", "enough"): "At expectation, under the pupil's own target",
    ("at_expectation", "not_known"): "At expectation, under the pupil's own target",
}
# Of whoever stands outside a ring of the diagram, by its basis.
OUTSIDE = {
    "attainment": "below",
    "progress": "with too little progress",
    "both": "not on track",
}
SURE = {
    "clear": "clear",
    "borderline": "borderline",
    "not_known": "margin of error not known",
}
CODES = {
    "ta": "WTS working towards · EXS expected · GDS greater depth · PK1–PK6 pre-key-stage",
    "nc-level": "c, b, a run from low to high within a level",
    "scaled": "B below the standard of the test · AS, NS standard achieved, not achieved",
    "band-steps": "b, w, s are beginning, working within and secure in the band of a year",
    "mtc": "B working below the check",
}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NO_RESULT = {
    "blank": "the outcome was left blank",
    "absent": "absent",
    "disapplied": "disapplied",
    "missing": "the result is missing",
}
NOT_COMPARABLE = {
    "not_on_scale": "the outcome does not belong to its scale; see the accuracy list",
    "norm_too_small": "too few pupils sat this paper to compare with",
    "end_of_key_stage": "this scale says what is expected only at the end of a key stage",
    "no_expectation": "the scale names no expectation for this year group and term",
    "never_judged": "this check has no pass mark, so it is shown and not judged",
    "another_time": "this test expects something of another year group or in another term only",
    "paper_unknown": "nothing is known of what this test expects",
    "other": "there is nothing to compare the outcome with",
}
GROUP = {
    "pupil_premium": "Pupil premium",
    "sen": "Special educational needs",
    "eal": "English as an additional language",
    "sex": "Sex",
}
GROUP_VALUE = {
    "yes": "yes",
    "no": "no",
    "plan": "education, health and care plan or statement",
    "support": "SEN support",
    "M": "boys",
    "F": "girls",
    "not_recorded": "not recorded",
}
# Needs are shown by what is provided, and compared as one group with pupils who have none.
SHOWN_BY = {"sen": "sen_provision"}
GAP = {
    "pupil_premium": "Difference: pupil premium beside the others",
    "sen": "Difference: any special educational need beside none",
    "eal": "Difference: English as an additional language beside the others",
    "sex": "Difference: girls beside boys",
}
MEASURE = {
    "at_expected": "At or above the expected standard",
    "underachieving": "Underachieving",
}
BAND = {
    "below": "below",
    "expected": "at expected",
    "higher": "higher standard",
    "own_steps": "own steps",
    "other_measure": "assessed differently",
    "not_assessed": "not assessed",
    "not_comparable": "not comparable",
    "none": "no earlier result",
}
COUNTED = {
    "row": "rows",
    "pupil": "pupils",
    "result": "results",
    "due": "results due",
}


def said(words: dict[str, str], code: Any) -> str:
    """The words for a code; a code without words of its own is shown plainly."""
    return words.get(str(code), str(code).replace("_", " "))


def sentence(text: str) -> str:
    """With a capital letter at its start, the rest as it is."""
    return text[:1].upper() + text[1:]


def within(title: str) -> str:
    """The title of a scale within a sentence: `teacher assessment`; names keep their capitals."""
    return title[:1].lower() + title[1:] if title[1:] == title[1:].lower() else title


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 pupil`, `2 pupils`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def share(part: int, whole: int, at_least: int = 10) -> str:
    """A percentage, or a dash where fewer than ten pupils make it meaningless."""
    return f"{100 * part / whole:.0f}%" if whole >= at_least else "–"


def listed(parts: list[str]) -> str:
    """`maths, reading and writing`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""


def together(subject: str) -> str:
    """A subject, or several that are taken together: `maths, reading and writing together`."""
    parts = subject.split("+")
    return subject if len(parts) == 1 else f"{listed(parts)} together"


def year_group(code: str) -> str:
    """`Year 3`, `Reception`, `Nursery 1`."""
    if code == "R":
        return "Reception"
    return f"Nursery {code[1:]}" if code.startswith("N") else f"Year {code}"


def term(term_no: int) -> str:
    """`autumn 2025-26`."""
    return Term(int(term_no)).title


def day(when: dt.datetime | None) -> str:
    """`3 November 2025`."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}" if when else "not known"


def ordinal(place: int) -> str:
    """`1st`, `22nd`, `113th`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}th" if place % 100 in (11, 12, 13) else f"{place}{ending}"


def caution(row: Any) -> str:
    """What a reader must know of a year group in which most pupils are below."""
    return (
        f"{year_group(row.year_group)}, {row.subject}: {row.pupils} of {row.of_pupils} pupils are "
        f"below what the scale “{row.scale_title}” expects. When most of a year group is below, "
        f"the school may mean its outcomes as the standard for the end of the key stage. The data "
        f"lead can set that (the school's “meaning” in the settings)."
    )


def number(value: float) -> str:
    """A score without needless decimals."""
    return f"{float(value):.1f}".removesuffix(".0")
