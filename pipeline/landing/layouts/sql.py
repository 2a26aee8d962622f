"""A layout as SQL: from rows of text, as parsed, to rows of standard columns."""

import re
from collections.abc import Iterable, Mapping

from pipeline.landing.layouts.columns import RESULT_COLUMNS, standard_columns
from pipeline.landing.layouts.match import Match, ResultPlace
from pipeline.landing.layouts.words import by_key, totals, words
from pipeline.warehouse.tables import quoted

# Words that layouts without exact headings read in these columns.
WORDS = {"subject": "subjects", "term": "terms", "scale": "scales"}
DATES = ("date_of_birth", "entry_date", "leaving_date", "assessment_date")
# A row that says none of these, or words of totals in their place, is no pupil's.
IDENTIFYING = ("upn", "admission_number", "surname", "full_name", "forename", "date_of_birth")
NULL = "cast(null as varchar)"
# A place in the row as it was sent.
COLUMN = re.compile(r"c\d+")
STAGED = ("file_id", "line", "item", "pupil_line", "pupil_item", "aside", "broken", "as_sent")


def stage_columns(found: Match) -> dict[str, str]:
    """SQL for each column of `stage`, over rows with file_id, line, pupil_line, by_school, … and
    the texts: c0, c1, … as sent, t0, t1, … without blanks around them.

    For layouts whose rows hold one result, or none; the others have `row_query`.
    """
    columns = _columns(found)
    item = "1" if found.layout.kind == "results" else "0"
    return {
        "file_id": "file_id",
        "line": "line",
        "item": item,
        "pupil_line": "pupil_line",
        "pupil_item": item,
        "aside": _aside(found, _sources(found)),
        "broken": _broken(found, columns["outcome"]),
        "as_sent": _as_sent(found, columns),
        **{name: _clean(name, sql) for name, sql in columns.items()},
    }


def row_query(found: Match, relation: str) -> str:
    """Rows that hold several results: what all of these share, and their texts as o1, o2, …."""
    columns = _columns(found)
    listed = [f'{_clean(name, sql)} as "{name}"' for name, sql in columns.items()]
    listed += [f"{_outcome(r)} as o{at}" for at, r in enumerate(found.results, start=1)]
    return (
        f"select file_id, line, {_aside(found, _sources(found))} as aside, "
        f"{_shifted(found)} as shifted, {_as_sent(found, columns)} as as_sent,\n  "
        + ",\n  ".join(listed)
        + f"\nfrom {relation}\nwindow of_file as (partition by file_id)"
    )


def item_queries(found: Match, relation: str) -> list[str]:
    """Rows for `stage` from those of `row_query`, a query for each column of results.

    One query for all would take DuckDB the memory of all at once, and seconds to plan. A row that
    holds several results comes out as several, numbered by `item`; one that holds none comes out
    once, as item 0.
    """
    holds = {at: f"o{at}" for at in range(1, len(found.results) + 1)}
    queries = [
        _item(found, relation, at, _said(found, r, holds[at]), f"{_bare(holds[at])} is not null")
        for at, r in enumerate(found.results, start=1)
    ]
    shared = _columns(found)
    empty = dict.fromkeys(RESULT_COLUMNS, "null")
    for name in ("academic_year", "term"):
        empty[name] = f'"{name}"' if shared[name] != "null" else _first_said(found, name)
    none = " and ".join(f"{_bare(h)} is null" for h in holds.values())
    return [*queries, _item(found, relation, 0, empty, none)]


def _item(found: Match, relation: str, item: int, said: Mapping[str, str], where: str) -> str:
    listed = ", ".join(
        f'{_clean(c, said[c])} as "{c}"' if c in said else f'"{c}"' for c in standard_columns()
    )
    return (
        f"select file_id, line, {item} as item, line as pupil_line, {item} as pupil_item, aside, "
        f"case when shifted then 'row_columns' else {_broken(found, said['outcome'])} end "
        f"as broken, as_sent, {listed} from {relation} where {where}"
    )


def results_query(found: Match, relation: str) -> str:
    """Results that the rows of each file hold where a row may hold several."""
    held = " + ".join(
        f"case when {_bare(_outcome(r))} is null then 0 else 1 end" for r in found.results
    )
    return f"select file_id, cast(sum({held}) as bigint) from {relation} group by file_id"


def _columns(found: Match) -> dict[str, str]:
    sources = _sources(found)
    return {c: _expression(found, c, sources) for c in standard_columns()}


def _broken(found: Match, outcome: str) -> str:
    """The rule that a row breaks before any of it is read."""
    longest = found.layout.outcome_at_most
    if not longest or outcome == "null":
        return NULL
    return f"case when length({_bare(outcome)}) > {longest} then 'row_outcome' end"


def _shifted(found: Match) -> str:
    """Whether the texts of a row stand too far right: a result under no heading, and a gap before.

    A column that half of the rows or more have filled is meant to be there.
    """
    if not found.unheaded:
        return "false"
    used = [i for i, c in enumerate(found.columns) if c] + [r.place for r in found.results]
    told = []
    for place in found.unheaded:
        is_result = (
            f"coalesce(upper(t{place}) in (select text from reference.outcome) "
            f"or number_of(t{place}) is not null, false)"
        )
        gap = " or ".join(f"t{i} is null" for i in used if i < place)
        rare = f"2 * count(t{place}) over of_file < count(*) over of_file"
        told.append(f"({is_result} and ({gap}) and {rare})")
    return " or ".join(told)


def _clean(column: str, sql: str) -> str:
    """The text without blanks around it; an outcome is kept as it was sent."""
    if sql == "null":
        return NULL
    return sql if column == "outcome" else _bare(sql)


def _bare(sql: str) -> str:
    """A text without blanks around it, null where nothing is left; of a column it is there."""
    return f"t{sql[1:]}" if COLUMN.fullmatch(sql) else f"text_of({sql})"


def _sources(found: Match) -> dict[str, str]:
    """The text, as sent, of each standard column and part that has a place of its own."""
    return {name: f"c{place}" for place, name in enumerate(found.columns) if name}


def _expression(found: Match, column: str, sources: dict[str, str]) -> str:
    """The text of a standard column, read as the layout says."""
    layout = found.layout
    if column in sources:
        return _read(found, column, sources[column])
    if column in layout.derived:
        source = layout.derived[column].source
        text = sources.get(source, "null")
        cases = " ".join(
            f"when {_like(text, pattern)} then {quoted(value)}"
            for pattern, value in layout.derived[column].values.items()
        )
        return f"case {cases} end"
    made = _made_of_parts(found, column, sources)
    if made:
        return made
    if column in layout.fixed:
        return quoted(layout.fixed[column])
    return f"by_{column}" if column in found.takes else "null"


def _read(found: Match, column: str, text: str) -> str:
    """A text with its value map, words and date forms."""
    layout = found.layout
    if column in layout.values:
        cases = " ".join(
            f"when {_like(text, pattern)} then {quoted(value)}"
            for pattern, value in layout.values[column].items()
        )
        text = f"case {cases} else {text} end"
    if column in WORDS and not layout.exact_headings:
        text = _worded(column, text)
    if column in DATES and layout.dates:
        forms = ", ".join(quoted(form) for form in layout.dates)
        text = f"coalesce(strftime(try_strptime({_bare(text)}, [{forms}]), '%Y-%m-%d'), {text})"
    return text


def _worded(column: str, text: str) -> str:
    """A subject, term or scale under the name that the program has for it."""
    cases = " ".join(
        f"when {quoted(key)} then {quoted(meaning)}"
        for key, meaning in by_key(WORDS[column]).items()
    )
    return f"case key_of({text}) {cases} else {text} end"


def _made_of_parts(found: Match, column: str, sources: dict[str, str]) -> str | None:
    if column in ("surname", "forename") and "full_name" in sources:
        name = _bare(sources["full_name"])
        if found.layout.names == "surname, forename":
            part = 1 if column == "surname" else 2
            # Without a comma it is not known which is which.
            return f"case when contains({name}, ',') then split_part({name}, ',', {part}) end"
        if column == "surname":
            return f"regexp_extract({name}, '(\\S+)$', 1)"
        return f"regexp_extract({name}, '^(.*\\S)\\s+\\S+$', 1)"
    if column == "school" and {"la_number", "estab_number"} <= set(sources):
        la, estab = (_bare(sources[p]) for p in ("la_number", "estab_number"))
        return f"{la} || lpad({estab}, 4, '0')"
    if column in ("year_group", "academic_year") and "cohort" in sources:
        cohort = _bare(sources["cohort"])
        part = 1 if column == "year_group" else 2
        return f"regexp_extract({cohort}, '(?i)^(.*\\S)\\s+in\\s+([0-9/-]+)$', {part})"
    if column == "academic_year" and "period" in sources:
        return f"regexp_extract({sources['period']}, '([0-9]{{4}}[-/][0-9]{{2,4}})', 1)"
    if column == "term" and "period" in sources:
        text = f"regexp_replace({sources['period']}, '[0-9]{{4}}[-/][0-9]{{2,4}}', '')"
        return _worded("term", text)
    return None


def _outcome(result: ResultPlace) -> str:
    """The text of a result, looked for in the other column where there is none."""
    text = f"c{result.place}"
    if result.or_else is None:
        return text
    blank = ", ".join(quoted(b.upper()) for b in result.blank)
    nothing = f"{_bare(text)} is null" + (f" or upper({_bare(text)}) in ({blank})" if blank else "")
    return f"case when {nothing} then c{result.or_else} else {text} end"


def _said(found: Match, result: ResultPlace, outcome: str) -> dict[str, str]:
    """What a column of results says by its heading and layout."""
    said = {name: quoted(value) for name, value in result.said}
    return said | {"outcome": _read(found, "outcome", outcome)}


def _first_said(found: Match, column: str) -> str:
    """A row without results stands for the term that all columns share, if they do."""
    said = {dict(r.said).get(column) for r in found.results}
    only = said.pop() if len(said) == 1 else None
    return quoted(only) if only else f"by_{column}" if column in found.takes else "null"


def _aside(found: Match, sources: dict[str, str]) -> str:
    """Why a row is passed over: it is blank, counts pupils, or is of a sort to be left aside."""
    sort = [
        f"when {' or '.join(_like(sources.get(rule.column, 'null'), p) for p in rule.values)} "
        f"then {quoted(rule.reason)}"
        for rule in found.layout.leave_aside
    ]
    cases = " ".join([*_no_pupil(found, sources), *sort])
    # Most rows need not be looked at further.
    left = f"case {' '.join(sort)} end" if sort else "null"
    return f"case when {_has_upn(sources)} then {left} else case {cases} end end"


def surely_of_pupil(found: Match) -> str:
    """A quick look at a row as for `stage_columns`: true where it is a pupil's, not passed over."""
    return "false" if found.layout.leave_aside else _has_upn(_sources(found))


def _has_upn(sources: Mapping[str, str]) -> str:
    """Whether a UPN stands in a row, which then is a pupil's."""
    if "upn" not in sources:
        return "false"
    upn = _bare(sources["upn"])
    return (
        f"coalesce(length({upn}) = 13 and try_cast(substr({upn}, 2, 11) as bigint) is not null, "
        "false)"
    )


def _no_pupil(found: Match, sources: dict[str, str]) -> list[str]:
    """Cases in which a row is nobody's: it is blank, counts pupils, is text or headings again."""
    total_words = ", ".join(map(quoted, sorted(totals())))
    nobody = " and ".join(
        f"({_bare(sources[c])} is null or {_one_of(f'word_key_of({sources[c]})', totals())}"
        # a count may stand beside its word, where names stand in other rows
        f"{f' or try_cast({sources[c]} as double) is not null' if c == 'forename' else ''})"
        for c in IDENTIFYING
        if c in sources
    )
    # The word stands in the first column, or where a pupil's name or number would.
    places = dict.fromkeys(["c0", *(sources[c] for c in IDENTIFYING if c in sources)])
    # Not written as above: what stands twice is worked out for every row, needed or not.
    cells = ", ".join(f"word_key_of(coalesce({place}, ''))" for place in places)
    cases = [
        f"when {_blank(found)} then 'blank row'",
        f"when {nobody or 'true'} and list_has_any([{cells}], [{total_words}]) "
        f"then 'a row of totals'",
    ]
    if not found.layout.exact_headings and len(found.columns) > 3:
        alone = _alone(found)
        cases.append(f"when {alone} then 'a line of text'")
    named = [c for c in (*IDENTIFYING[2:], *IDENTIFYING[:2]) if c in sources]
    named += [c for c in ("year_group", "class_name", "outcome") if c in sources]
    again = " and ".join(
        f"{_one_of(f'lower({sources[c]})', _headings_of(found, c))}" for c in named[:2]
    )
    if again:
        cases.append(f"when {again} then 'the headings again'")
    return cases


def _one_of(text: str, words_: Iterable[str]) -> str:
    return f"{text} in ({', '.join(map(quoted, sorted(words_)))})"


def _alone(found: Match) -> str:
    """Whether one text of several words stands in the row, and nothing beside it."""
    cells = [f"t{i}" for i in range(len(found.columns))]
    filled = " + ".join(f"case when {cell} is null then 0 else 1 end" for cell in cells)
    return f"{filled} = 1 and contains(coalesce({', '.join(cells)}), ' ')"


def _blank(found: Match) -> str:
    """Whether nothing stands in any column that is used."""
    used = [f"c{i}" for i, c in enumerate(found.columns) if c]
    used += [f"c{r.place}" for r in found.results]
    used += [f"c{r.or_else}" for r in found.results if r.or_else is not None]
    return " and ".join(f"{_bare(c)} is null" for c in dict.fromkeys(used))


def _headings_of(found: Match, column: str) -> list[str]:
    said = found.layout.headings.get(column) or words()["headings"].get(column, [])
    return sorted({h.lower() for h in (column, column.replace("_", " "), *said)})


def _as_sent(found: Match, columns: Mapping[str, str]) -> str:
    """The texts that were read as something else, one `column: text` a line."""
    told = []
    for place, name in enumerate(found.columns):
        if name and name in columns and columns[name] not in (f"c{place}", "null"):
            told.append(
                f"case when {columns[name]} is distinct from c{place} "
                f"then '{name}: ' || t{place} end"
            )
        elif name in ("full_name", "cohort", "period"):
            told.append(f"'{name}: ' || t{place}")
    return f"nullif(concat_ws(chr(10), {', '.join(told)}), '')" if told else NULL


def _like(text: str, pattern: str) -> str:
    """Whether a text is like a pattern with `*`, whatever its case and spaces around it."""
    if "*" not in pattern:
        return f"upper({_bare(text)}) = {quoted(pattern.strip().upper())}"
    escaped = pattern.strip().upper().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"upper({_bare(text)}) like {quoted(escaped.replace('*', '%'))} escape '!'"
