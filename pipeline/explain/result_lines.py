"""The results of a pupil in a term, which decides and why, and where what is expected is said."""

from typing import Any

from pipeline.explain.sheet import Sheet
from pipeline.reports import pupil_words, words

KIND = {"teacher": "teacher assessment", "test": "test"}
WHY_NOT = {
    "no_outcome": "a result goes before a reason for having none",
    "kind": "the kind of the other goes first (setting `decides`)",
    "kind_due": "the kind of the other goes first (`kind` of its [[due]] in the settings)",
    "no_date": "it has no date, and a dated one goes first",
    "earlier_date": "a later date goes first",
    "other_school": "a result of the pupil's main school goes first",
    "earlier_file": "a later file goes first",
    "earlier_line": "a later line of the file goes first",
    "not_seen": "the main school sees a result of another school only up to the day on which the "
    "pupil joined, so it is not shown and counts nowhere",
}


def named(row: Any) -> str:
    """What a result is: `Raw mark, test, “Spring paper”, 3 July 2026`."""
    kind = KIND.get(row.assessment_kind, str(row.assessment_kind))
    parts = [str(row.scale_title)]
    parts += [kind] if kind != parts[0].lower() else []
    parts += [f"“{row.assessment}”"] if row.assessment else []
    parts += [words.day(row.assessment_date)] if getattr(row, "assessment_date", None) else []
    return ", ".join(parts)


def result(row: Any, sheet: Sheet) -> str:
    """A result with its place, and its school where that is not the main one."""
    if not row.seen:
        told = "not shown"
    elif row.outcome is None:
        told = pupil_words.why_not_assessed(row)
    else:
        told = pupil_words.outcome(row)
    school = "" if row.of_main_school else f", sent by {row.school_name} ({row.school_id})"
    return f"{told} – {named(row)}{school}: {sheet.at(row.file_id, row.line)}"


def gives_way(row: Any) -> str:
    """Why a result does not decide, and what it says of attainment where it can be compared."""
    says = {"below": " It says: below.", "at_expectation": " It says: at expectation."}
    return f"Does not decide: {WHY_NOT[row.why_not]}.{says.get(row.attainment_status, '')}"


def expected_lines(row: Any, own_steps: bool) -> list[str]:
    """What is expected and who says so; for tests also how exact they are."""
    if own_steps:
        return ["Own steps (`expectation` in the export): not compared with the year group."]
    told = []
    year = f"{words.year_group(row.year_group)} in {row.term}" if row.year_group else row.term
    if row.scale_kind == "ladder":
        by = "`meaning` of the school in pipeline.toml" if row.school_says_meaning else "the scale"
        expects = row.expected_outcome or "nothing"
        told.append(
            f"{expects} of {year}, by [expected] of scales/{row.scale}.toml; outcomes mean "
            f"{row.meaning}, by {by}."
        )
        return told
    if row.flag_points is None:
        told.append("Nothing is known of what this test expects ([[paper]] in pipeline.toml).")
    elif row.expected_in:
        told.append(f"{words.number(row.flag_points)} or more, by {_paper(row, 'expected')}.")
    else:
        told.append(
            f"{words.number(row.flag_points)} or more, by `expected_standard_score` of "
            f"pipeline.toml."
        )
    if row.norm_pupils is not None:
        told.append(_norm(row))
    if row.standard_error is not None:
        reliable = f", reliability {row.reliability:g}" if row.reliability is not None else ""
        told.append(
            f"Standard error of measurement {row.standard_error:.3g}{reliable}, by "
            f"{_paper(row, 'error')}."
        )
    elif row.flag_points is not None:
        told.append("How exact this test is, nobody has entered ([[paper]] in pipeline.toml).")
    return told


def _paper(row: Any, which: str) -> str:
    name, file = getattr(row, f"{which}_paper"), getattr(row, f"{which}_in")
    return f"the [[paper]] {f'“{name}”' if name else 'for any paper of the scale'} in {file}"


def _norm(row: Any) -> str:
    sat = f"“{row.assessment}” in all schools" if row.assessment else "this school's own paper"
    kept = (
        "was kept when a report was issued"
        if row.norm_kept
        else "is that of the last run, not kept yet"
    )
    few = "" if row.points is not None else ", too few (`norm_minimum_pupils`)"
    return (
        f"Ranked among the {words.counted(row.norm_pupils, 'pupil')} of "
        f"{words.year_group(row.year_group)} who sat {sat}{few}; the norm {kept}."
    )
