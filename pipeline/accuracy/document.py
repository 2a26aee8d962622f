"""`docs/accuracy.md`, made from the rules' own files: `python -m pipeline.accuracy.document`."""

from pathlib import Path

from pipeline.accuracy.rules import Rule, read_rules, rules_folder
from pipeline.resources import PACKAGE

PAGE = PACKAGE.parent / "docs" / "accuracy.md"

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

The rules run inside the warehouse, once each; Great Expectations then gives a verdict on each rule
and on the tables themselves, and the program stops if the two disagree. The counts of every run
are in `logs/validation-<run>.json`, without pupils.
"""
HEADINGS = {"error": "Errors", "warning": "Warnings", "note": "Notes"}


def accuracy_page(rules: tuple[Rule, ...]) -> str:
    """The page as Markdown, one table for each severity."""
    parts = [INTRODUCTION]
    for severity, heading in HEADINGS.items():
        parts.append(f"\n## {heading}\n\n| rule | is told as | what to do | who, and where | why |")
        parts.append("|---|---|---|---|---|")
        parts += [_row(rule) for rule in rules if rule.header.severity == severity]
    return "\n".join(parts) + "\n"


def _row(rule: Rule) -> str:
    header = rule.header
    message = header.message.replace("{found}", "…").replace("{detail}", "…")
    cells = (
        f"{header.title} (`{header.code}`)",
        message,
        header.fix,
        f"{header.owner}, in the {header.system}".replace("the the ", "the "),
        header.why,
    )
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def write_page(path: Path = PAGE) -> None:
    """Write the page anew."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(accuracy_page(read_rules(rules_folder())), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_page()
