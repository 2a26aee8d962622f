"""Text for a terminal: lines of 79 characters, indented, and the files that they name."""

import textwrap
from dataclasses import dataclass, field
from typing import Any

from pipeline.reports.text import visible

WIDTH = 79
UNBROKEN = "\u00a0"


@dataclass
class Sheet:
    """Lines so far, and the ledger numbers of the files that they name."""

    lines: list[str] = field(default_factory=list)
    files: set[int] = field(default_factory=set)

    def say(self, text: str, indent: int = 0) -> None:
        """A paragraph; what does not fit stands two further in. Unseen characters are left out:
        names and outcomes come from files, and may hold orders to a terminal."""
        wrapped = textwrap.wrap(
            visible(text),
            WIDTH,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + 2),
            break_long_words=False,
            break_on_hyphens=False,
        )
        self.lines += [line.replace(UNBROKEN, " ") for line in wrapped]

    def gap(self) -> None:
        self.lines.append("")

    def at(self, file_id: Any, line: Any) -> str:
        """`file 12, line 345`; the file is listed at the end by its name."""
        if file_id is None:
            return "no file"
        self.files.add(file_id)
        place = f"file {file_id}" if line is None else f"file {file_id}, line {line}"
        return place.replace(" ", UNBROKEN)
