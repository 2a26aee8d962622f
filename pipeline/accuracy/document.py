"""`docs/accuracy.md`, made from the rules' own files: `python -m pipeline.accuracy.document`."""

import json
from pathlib import Path
from typing import Any

from pipeline.accuracy.rules import Rule, read_rules, rules_folder
from pipeline.resources import PACKAGE

PAGE = PACKAGE.parent / "docs" / "accuracy.md"
CAMPAIGN = PACKAGE.parent / "benchmarks" / "accuracy.json"

INTRODUCTION = """\
# What is checked in the data

Each rule is one file of `data_schemas/accuracy`: a header that says what the rule is for, and one
query that returns whatever breaks it. This page is made from those files; after changing one, run
`python -m pipeline.accuracy.document`.

Each thing wrong is one issue, with its school, term, file and line, what was found and what to do.
An **error** counts against its school and term. Where too many pupils have one, or one is of a
whole file, class, year group or school, the gate closes ([data-leads.md](data-leads.md) says when):
everything is still loaded and reported, but the school's pages are marked, and the command ends
with exit code 11. A **warning** probably is a mistake; a **note** is worth knowing. Rules look at
what counts now: a result or roll row that a later file replaced is not judged, and once all rows of
a file are replaced, nor are the rows of it that could not be loaded.

Some rules find a **cause** and tell it once: a roll made after the year groups moved up in
September is one issue, and the issues of the rules that it explains are counted there and not
listed. Rules marked **asks** look for data that are too good or too odd to be true. They are
questions to the head teacher and the data lead, name no teacher, never close a gate and are never
in the office's list; they run only from the numbers of pupils on that stand beside them, and their
threshold is a probability, so that an honest class is rarely asked.

The rules run inside the warehouse, once each; Great Expectations then gives a verdict on each rule
and on the tables themselves, and the program stops if the two disagree. The counts of every run
are in `logs/validation-<run>.json`, without pupils.
"""
HEADINGS = {"error": "Errors", "warning": "Warnings", "note": "Notes"}


WORKED = """
## How well the rules find errors

Measured by `python -m benchmarks accuracy-planted`, which also makes the figures: invented schools
over four terms ({results:,} results, {rows:,} rows), in which first nothing is wrong, and then
errors of all kinds are planted at known places. **False alarms** are issues among the sound rows;
for rules that ask about a class the share is of the {classes:,} honest classes of the second
year. A rule without planted errors has only its examples in `tests/rules`. Invented data are
tidier than real ones, so real false alarms will be more.

| rule | planted | found | false alarms | share |
|---|---|---|---|---|
"""


def accuracy_page(rules: tuple[Rule, ...], campaign: dict[str, Any] | None = None) -> str:
    """The page as Markdown, a table for each severity, then what a campaign of errors found."""
    parts = [INTRODUCTION]
    for severity, heading in HEADINGS.items():
        parts.append(f"\n## {heading}\n\n| rule | is told as | what to do | who, and where | why |")
        parts.append("|---|---|---|---|---|")
        parts += [_row(rule) for rule in rules if rule.header.severity == severity]
    return "\n".join(parts) + "\n" + _worked(rules, campaign or read_campaign())


def read_campaign() -> dict[str, Any]:
    """What the last campaign of planted errors found, kept beside the benchmark."""
    told: dict[str, Any] = json.loads(CAMPAIGN.read_text(encoding="utf-8"))
    return told


def _worked(rules: tuple[Rule, ...], campaign: dict[str, Any]) -> str:
    lines = []
    for rule in rules:
        # A rule that is newer than the campaign has no figures yet.
        told = campaign["rules"].get(rule.code)
        if told is None:
            continue
        asks = rule.header.audience != "fix list"
        alarms = told["classes_questioned"] if asks else told["false_alarms"]
        of = campaign["classes"] if asks else campaign["rows"]
        found = f"{told['found'] / told['planted']:.0%}" if told["planted"] else "–"
        lines.append(
            f"| `{rule.code}` | {told['planted'] or '–'} | {found} | {alarms} | {alarms / of:.2%} |"
        )
    return WORKED.format(**campaign) + "\n".join(lines) + "\n"


def _row(rule: Rule) -> str:
    header = rule.header
    message = header.message.replace("{found}", "…").replace("{detail}", "…")
    marks = ["asks"] if header.audience != "fix list" else []
    marks += [f"from {number:g} {name}" for name, number in header.least.items()]
    cells = (
        f"{header.title} (`{header.code}`{'; ' if marks else ''}{', '.join(marks)})",
        message,
        header.fix,
        f"{header.owner}, in the {header.system}".replace("in the the ", "on the "),
        header.why,
    )
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def write_page(path: Path = PAGE) -> None:
    """Write the page anew."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(accuracy_page(read_rules(rules_folder())), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_page()
