"""A draft of a layout for a file that none fits: what was recognised, with the reason for each.

It is shown on the user's own screen: headings stand in it where they surely are headings, and
no cell of a row of data ever does.
"""

import json
from collections.abc import Iterable

from pipeline.landing.layouts.columns import LONGEST_HEADING
from pipeline.landing.layouts.find import Considered, two_rows
from pipeline.landing.layouts.guess import Guess, are_headings, guess_columns
from pipeline.landing.layouts.kinds import holds_values, kind_of

SAMPLE_ROWS = 200
# So many distinctive headings tell the file from others.
TELLTALE = 3
NAME = "my-layout"
PLACE = ("academic_year", "term", "school")
SHIPPED = ("results", "marksheet", "subject-sheet", "standardised-tests", "pupil-list")
CHECK = "CHECK"


def draft_layout(rows: list[list[str]], seen: list[Considered]) -> str:
    """A layout file for the rows, to be checked where it says CHECK; `seen` is of `consider`.

    Where no line of headings is found it is a list of what the columns seem to hold.
    """
    found = _headings(rows, seen)
    if not found:
        return _without_headings(rows)
    at, count, headings = found
    sample = [_cut(r) for r in rows[at + count :][:SAMPLE_ROWS] if any(c.strip() for c in r)]
    return "\n".join(_draft(at + count, headings, sample)) + "\n"


def _headings(rows: list[list[str]], seen: list[Considered]) -> tuple[int, int, list[str]] | None:
    """Where the headings are, on how many rows, and their texts; the row with most known ones."""
    best: tuple[int, int, int] | None = None
    for c in seen:
        parts = [_cut(r) for r in rows[c.header_at : c.header_at + c.header_rows]]
        if any(map(holds_values, parts)) or not are_headings(_texts(rows, c)):
            continue
        known = max((m.understood for m in c.matches), default=0)
        key = (known, -c.header_at, -c.header_rows)
        if not best or key > best:
            best = key
    if not best:
        return None
    at, count = -best[1], -best[2]
    texts = _texts(rows, Considered(at, count, ()))
    return at, count, [_clean(t) for t in texts]


def _texts(rows: list[list[str]], c: Considered) -> list[str]:
    parts = [_cut(r) for r in rows[c.header_at : c.header_at + c.header_rows]]
    return parts[0] if len(parts) == 1 else [together[0] for together in two_rows(*parts)]


def _draft(line: int, headings: list[str], sample: list[list[str]]) -> list[str]:
    guesses = guess_columns(headings, sample)
    columns = {g.column for g in guesses if g.column}
    if "subject" in columns:
        guesses = _one_outcome(guesses, columns)
    wide = [g for g in guesses if g.result and g.subject]
    of_results = bool(wide) or "outcome" in columns
    required = [*PLACE, *(("subject", "scale", "outcome") if "outcome" in columns else ())]
    scales = sorted({g.scale for g in guesses if g.column == "outcome" and g.scale})
    lines = [
        "# A draft. Look at every line with CHECK, correct it, and take out what is wrong. Save it",
        f"# as layouts/{NAME}.toml in the programme's folder, or under another name that `layout`",
        "# then repeats. docs/adding-a-layout.md tells what the keys mean.",
        f"# The headings stand on line {line}; the {len(headings)} columns seem to be:",
        *(_told(g) for g in guesses),
        "",
        f'layout = "{NAME}"',
        "version = 1",
        'title = "Say in a few words what this export is"  # CHECK',
        f"kind = {_text('results' if of_results else 'pupils')}"
        "  # CHECK: roll, pupils, facts or results",
        f"required = {_list(required)}",
        'one_of = [["upn", "admission_number", "full_name", "surname"]]',
        f"from_path = {_list([*PLACE, *(['subject'] if 'outcome' in columns else [])])}"
        "  # folders or file names say what no column does",
        f"goes_before = {_list(SHIPPED)}",
    ]
    telling = [g.heading for g in guesses if (g.result or g.column) and not g.known][:TELLTALE]
    if telling:
        lines.append(f"must_have = {_list(telling)}  # CHECK: headings that tell it from others")
    if of_results:
        lines.append(
            'scale_from_values = ["ta", "nc-level", "scaled", "standardised"]'
            "  # CHECK: where neither a column nor a heading says the scale"
        )
    if "outcome" in columns and "scale" not in columns and len(scales) == 1:
        lines.append(f"fixed = {{ scale = {_text(scales[0])} }}  # CHECK")
    forms = {g.kind.date_form for g in guesses if g.column and g.kind.date_form}
    lines.append(f"dates = {_list(sorted({'%d/%m/%y', *(f for f in forms if f)}))}")
    named = [g for g in guesses if g.column and not g.known]
    if named:
        lines += ["", "[headings]"]
        lines += [f"{g.column} = {_list([g.heading])}  # CHECK: {g.reason}" for g in named]
    for g in (g for g in guesses if g.result):
        lines += ["", *_result(g)]
    return lines


def _one_outcome(guesses: list[Guess], columns: set[str]) -> list[Guess]:
    """With a column of subjects, one column holds the outcome of the row, and no other a result."""
    made, left = [], "outcome" not in columns
    for g in guesses:
        if g.result and left:
            made.append(
                Guess(
                    *(g.place, g.heading, g.kind, "outcome"),
                    reason="its values look like outcomes",
                    scale=g.scale,
                )
            )
            columns.add("outcome")
            left = False
        elif g.result:
            made.append(Guess(g.place, g.heading, g.kind))
        else:
            made.append(g)
    return made


def _result(g: Guess) -> list[str]:
    """A table [[results]]; in comments where its subject is not known."""
    pairs = [("headings", _list([g.heading.replace("{", "").replace("}", "")]))]
    pairs.append(("subject", _text(g.subject or "maths, reading or writing")))
    if g.term:
        pairs.append(("term", _text(g.term)))
    if g.scale:
        pairs.append(("scale", _text(g.scale)))
    lines = ["[[results]]", *(f"{key} = {value}" for key, value in pairs)]
    if not g.subject:
        return [f"# {CHECK}: column {g.place + 1}: of which subject?", *(f"# {x}" for x in lines)]
    return [f"# {CHECK}: column {g.place + 1}", *lines]


def _told(g: Guess) -> str:
    """A column in a comment: heading, sort of values, and what it is taken for."""
    if g.known:
        taken = f"{g.column}, a known heading"
    elif g.column:
        taken = f"{g.column}? {g.reason}"
    elif g.result:
        taken = f"a result in {g.subject or 'which subject?'}"
    else:
        taken = "not used"
    heading = f" {_shown(g.heading)}" if g.heading else ", no heading"
    return f"# column {g.place + 1}{heading}: {g.kind.told}: {taken}"


def _without_headings(rows: list[list[str]]) -> str:
    """No line is surely of headings: columns by number only, since any cell may be a pupil's."""
    sample = [_cut(r) for r in rows[:SAMPLE_ROWS]]
    width = max(map(len, sample), default=0)
    lines = [
        "# No line of headings was found, so none is shown here: what stands in their place may be",
        "# a pupil. Put one line of headings above the rows, such as academic_year, term, school,",
        "# upn, admission_number, surname, forename, date_of_birth, year_group, subject, scale,",
        "# outcome, and look again. The columns seem to hold:",
    ]
    for place in range(width):
        kind = kind_of([r[place] for r in sample if place < len(r)])
        lines.append(f"# column {place + 1}: {kind.told}")
    return "\n".join(lines) + "\n"


def _cut(row: list[str]) -> list[str]:
    return [cell[:LONGEST_HEADING] for cell in row]


def _shown(text: str) -> str:
    return f"'{text if len(text) <= 60 else text[:57] + '…'}'"


def _text(value: str) -> str:
    """A TOML string."""
    return json.dumps(_clean(value), ensure_ascii=False)


def _clean(text: str) -> str:
    """A text on one line, without what would steer a terminal."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
