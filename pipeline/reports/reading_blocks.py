"""What helps to read a team's page: the codes of its scales, and what its words mean."""

from pipeline.reports import words
from pipeline.reports.html import Block, explained, paragraph
from pipeline.reports.scope import Scope

A_QUARTER_UNDER = 90


def codes(scope: Scope) -> Block:
    """What the codes of the page's scales stand for, in one line."""
    scales = dict.fromkeys(s.scale for s in scope.all_scales)
    known = [words.CODES[scale] for scale in scales if scale in words.CODES]
    return paragraph(" · ".join(known), "quiet") if known else Block()


def marks_are_ranked(scope: Scope) -> Block:
    """Where raw marks decide: that they are placed by rank, and how many are then always under."""
    ranked = [s for s in scope.scales if s.scale_kind == "cohort" and s.scored]
    if not ranked:
        return Block()
    lines = sorted({s.flag_points for s in ranked})
    part = "About a quarter" if lines == [A_QUARTER_UNDER] else "Some"
    under = " or ".join(words.number(line) for line in lines)
    return paragraph(
        f"Raw marks are placed by comparing pupils who sat the same paper. {part} of them are "
        f"always under {under}, however well the year group did.",
        "quiet",
    )


def how_to_read(scope: Scope) -> Block:
    """The page's words, each with what it means; those that the page does not use are left out."""
    entries = [
        (
            "On track",
            "means at or above what is expected of the pupil's own year group at this point of "
            "the year, also in a mixed-age class. Underachieving means under it, with too little "
            "progress, or under the pupil's own target.",
        ),
        (
            "How far",
            "is told in the scale's own terms: steps, terms behind, or points. The lists are "
            "sorted within a scale only.",
        ),
        ("Clear", "means that the result is well under what is expected."),
        (
            "Slow",
            "means short of the progress that is expected both since the earliest result on the "
            "same scale and since the same term last year; slipping means slow, or lower than last "
            "time, by more than chance alone explains. Where there is too little to compare, "
            "progress is not known.",
        ),
        ("Borderline", _borderline(scope)),
    ]
    if scope.margin_unknown:
        entries.append(
            (
                "Margin of error not known:",
                "every test has a margin of error, and this test's has not been entered. A large "
                "gap is still a large gap.",
            )
        )
    entries += [
        ("Not assessed", "is never counted as low."),
        ("Not comparable", "means that there is a result, but nothing to compare it with."),
    ]
    if any(r.change == "scale_changed" and r.bridge_pupils for r in scope.pupils):
        entries.append(
            (
                "Assessed differently last time:",
                "the two results are not one measure. The places are those among the same pupils "
                "of the year group, then and now; a place is no standard, and nobody is judged "
                "by it.",
            )
        )
    if any(r.own_steps for r in scope.pupils):
        entries.append(
            (
                "Own steps:",
                "the school has asked that this pupil is judged by small steps and an own target. "
                "The pupil is counted apart and is in none of the other lists; progress is too "
                "little where steps were lost.",
            )
        )
    last = ("A list is where a conversation starts.", "You know the pupils; these figures do not.")
    return explained([*entries, last])


def _borderline(scope: Scope) -> str:
    ladders = dict.fromkeys(
        words.within(str(s.scale_title)) for s in scope.scales if s.scale_kind == "ladder"
    )
    steps = f" In {words.listed(list(ladders))}: one step under, on one judgement only."
    return "means close to the line: look at the work before you act." + (steps if ladders else "")
