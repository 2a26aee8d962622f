"""What a term's folder of reports holds: its own pages, and the number of each school's issue."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import SurroundingsWrong

FILE = "pages.json"


@dataclass
class Issued:
    """Pages of a term by their path below its folder, and for each school its issue so far.

    A fingerprint stands for everything that a school's pages say of its pupils; while it stays
    the same, so does the number of the issue.
    """

    pages: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)

    def number(self, school_id: int, fingerprint: str) -> int:
        """Number of the school's issue with this fingerprint; noted as its latest."""
        key = str(school_id)
        if self.fingerprints.get(key) != fingerprint:
            self.fingerprints[key] = fingerprint
            self.numbers[key] = self.numbers.get(key, 0) + 1
        return self.numbers[key]

    def write(self, file: Path) -> None:
        """Keep it beside the pages."""
        content = {
            "pages": sorted(self.pages),
            "issues": {
                key: {"number": self.numbers[key], "fingerprint": self.fingerprints[key]}
                for key in sorted(self.numbers)
            },
        }
        text = json.dumps(content, indent=1) + "\n"
        file.write_text(text, encoding="utf-8", newline="\n")


def read_issued(folder: Path) -> Issued:
    """What the folder says of itself; empty where no report was made yet.

    Raises SurroundingsWrong where its note cannot be understood.
    """
    file = folder / FILE
    if not file.exists():
        return Issued()
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        issues = content["issues"]
        return Issued(
            set(content["pages"]),
            {key: int(issue["number"]) for key, issue in issues.items()},
            {key: str(issue["fingerprint"]) for key, issue in issues.items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SurroundingsWrong(
            f"{folder.name}/{file.name}: damaged; the program writes it beside the pages. Move "
            f"the folder {folder.name} aside and run: achievement report FOLDER"
        ) from None
