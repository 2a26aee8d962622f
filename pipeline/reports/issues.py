"""What a term's folder of reports holds: its own pages, and the number of each school's issue."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import SurroundingsWrong

FILE = "pages.json"
PAGE = re.compile(r"[0-9]+-[a-z0-9-]+/[a-z0-9-]+\.(html|xlsx)")


@dataclass
class Issued:
    """Pages of a term by their path below its folder, and for each school its issue so far.

    A fingerprint stands for everything that a school's pages say of its pupils and of the
    accuracy of its data; while it stays the same, so does the number of the issue.
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

    Raises SurroundingsWrong where its note cannot be understood, or names anything but pages
    below the folder: what it names may be removed.
    """
    file = folder / FILE
    if not file.exists():
        return Issued()
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        issues = content["issues"]
        issued = Issued(
            set(content["pages"]),
            {key: int(issue["number"]) for key, issue in issues.items()},
            {key: str(issue["fingerprint"]) for key, issue in issues.items()},
        )
        sound = all(PAGE.fullmatch(page) and is_below(folder, page) for page in issued.pages)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise SurroundingsWrong(
            f"{folder.name}/{file.name}: damaged; expected the list of pages that the program "
            f"wrote there. Delete {file.name}, or move the folder {folder.name} aside, and run: "
            f"achievement report FOLDER. The numbers of the issues begin anew."
        )
    return issued


def is_below(folder: Path, page: str) -> bool:
    """Whether a path below the folder stays there, also where a part of it is a link."""
    return (folder / page).resolve().is_relative_to(folder.resolve())
