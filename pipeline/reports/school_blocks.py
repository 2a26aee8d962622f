"""Blocks of the head teacher's page: accuracy, counts, pupil groups, change, terms, teams."""

from typing import Any

import pandas as pd

from pipeline.reports import charts, names, words
from pipeline.reports.html import Block, Table, figure, heading, link, panel, paragraph
from pipeline.reports.scope import Scope

TERMS_SHOWN = 6
SEVERITY = {"error": "error", "warning": "warning", "note": "note"}


def team_links(scope: Scope) -> Block:
    """The school's teams, each with a link to its page beside this one."""
    lines = [
        (link(names.team_page(int(t.team_no), t.team), t.team), int(t.pupils))
        for t in scope.teams.itertuples()
    ]
    if not lines:
        return panel("note", paragraph("No pupil of this school could be loaded for this term."))
    columns = ("Achievement Team", "Pupils")
    return Table("Pages of the Achievement Teams", columns, lines, numbers=(1,)).block()


def accuracy(scope: Scope) -> Block:
    """Whether the data passed, how complete they are, and which rules they break."""
    gate = scope.gate
    if gate is None:
        return Block()
    verdict = (
        "The data passed the accuracy gate."
        if gate.passed
        else f"The data did not pass the accuracy gate: {words.counted(int(gate.errors), 'error')}."
    )
    due, present = _number(gate.results_due), _number(gate.results_present)
    complete = f"Results present: {present:,} of {due:,} due ({words.share(present, due)})."
    lines = [
        (
            r.title,
            SEVERITY[r.severity],
            f"{r.rows_failed:,}",
            f"{r.rows_checked:,} {words.said(words.COUNTED, r.counts)}",
            r.owner,
            r.fix,
        )
        for r in scope.ask("rules").itertuples()
    ]
    columns = ("What is wrong", "Weight", "Found", "Of", "Who mends it", "What to do")
    table = Table("Rules that the data break", columns, lines, numbers=(2,), cards=True).block()
    return Block(
        paragraph(f"{verdict} {complete}"),
        table if lines else paragraph("No rule is broken."),
    )


def _number(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)


def by_year_group(scope: Scope) -> Block:
    """Counts by year group and subject, with the whole school last."""
    rows = scope.counts[scope.counts["level"] == "year_group"]
    whole = scope.counts[scope.counts["level"] == "school"]
    return _counts("year_group", "Year group", rows, whole)


def by_class(scope: Scope) -> Block:
    """Counts by class and subject."""
    rows = scope.counts[scope.counts["level"] == "class"]
    return _counts("class_name", "Class", rows, rows.iloc[:0])


def _counts(by: str, name: str, rows: pd.DataFrame, whole: pd.DataFrame) -> Block:
    columns = (name, "Due", "Assessed", "On track", "Under-achieving", "Share", "Not assessed")
    blocks = []
    due = rows[rows["due"] > 0]
    for subject, these in due.groupby("subject", sort=False):
        lines = [_count_line(_label(by, r), r) for r in these.itertuples()]
        lines += [
            _count_line("Whole school", r) for r in whole.itertuples() if r.subject == subject
        ]
        caption = f"{str(subject).capitalize()}, by {name.lower()}"
        table = Table(caption, columns, lines, range(1, 7), total=len(whole) > 0)
        blocks.append(table.block())
    return Block(*blocks) if blocks else paragraph("No subject is due in this school this term.")


def _label(by: str, row: Any) -> str:
    return words.year_group(row.year_group) if by == "year_group" else str(row.class_name)


def _count_line(label: str, row: Any) -> tuple[Any, ...]:
    judged = int(row.on_track + row.underachieving)
    part = words.share(int(row.underachieving), judged)
    counts = (row.due, row.assessed, row.on_track, row.underachieving)
    return (label, *(int(c) for c in counts), part, int(row.not_assessed))


def by_pupil_group(scope: Scope) -> Block:
    """Counts by pupil group; a share only where at least ten pupils were judged."""
    rows = scope.ask("groups")
    if rows.empty:
        return paragraph("No subject is due in this school this term.")
    subjects = list(dict.fromkeys(rows.sort_values("subject_position")["subject"]))
    blocks = []
    for group, these in rows.groupby("group_name", sort=False):
        lines = []
        for value, cells in these.groupby("group_value", sort=False):
            found = {c.subject: c for c in cells.itertuples()}
            shown = [_group_cell(found.get(subject)) for subject in subjects]
            lines.append([words.said(words.GROUP_VALUE, value).capitalize(), *shown])
        caption = f"{words.said(words.GROUP, group)}: underachieving of pupils judged"
        columns = ["Pupils", *(str(s).capitalize() for s in subjects)]
        blocks.append(Table(caption, columns, lines, range(1, len(columns))).block())
    return Block(*blocks)


def _group_cell(row: Any) -> str:
    if row is None or not row.judged:
        return "–"
    part = words.share(int(row.underachieving), int(row.judged))
    counts = f"{row.underachieving} of {row.judged}"
    return counts if part == "–" else f"{counts} ({part})"


def changes(scope: Scope) -> Block:
    """How many results stand how, against the latest earlier term that can be compared."""
    rows = scope.ask("changes")
    if rows.empty:
        return paragraph("No subject is due in this school this term.")
    wide = rows.pivot_table(index="subject", columns="change", values="pupils", fill_value=0)
    wide = wide.reindex(list(dict.fromkeys(rows["subject"])))
    codes = [c for c in words.CHANGE if c in wide.columns]
    lines = [[s, *(int(wide.loc[s, c]) for c in codes)] for s in wide.index]
    columns = ["Subject", *(words.CHANGE[c].capitalize() for c in codes)]
    return Table("Pupils, by change", columns, lines, range(1, len(columns))).block()


def over_terms(scope: Scope) -> Block:
    """For each subject, the share of judged pupils who were underachieving, over terms."""
    rows = scope.ask("history")
    blocks = []
    for subject, these in rows.groupby("subject", sort=False):
        last = these.tail(TERMS_SHOWN)
        shares = [
            100 * int(r.underachieving) / int(r.judged) if r.judged >= 10 else None
            for r in last.itertuples()
        ]
        if not charts.has_line(shares):
            continue
        labels = [words.term(t).replace(" ", "\n") for t in last["term_no"]]
        said = "; ".join(
            f"{words.term(t)}: {f'{y:.0f}%' if y is not None else 'fewer than 10 judged'}"
            for t, y in zip(last["term_no"], shares, strict=True)
        )
        name = str(subject).capitalize()
        caption = f"{name}: share of judged pupils who were underachieving."
        picture = charts.shares_over_terms(labels, shares)
        blocks.append(Block(heading(3, name), figure(picture, f"{name}. {said}.", caption)))
    return Block(*blocks) if blocks else paragraph("There is only one term to show so far.")
