"""A file taken in: our own copy of its bytes, and what is understood of it so far."""

from dataclasses import dataclass, field
from pathlib import Path

from pipeline.landing.body import Body
from pipeline.landing.layouts.find import Found
from pipeline.landing.layouts.path import text_of_said
from pipeline.landing.reading.ctf import CtfTable
from pipeline.landing.reading.grid import Grid

CTF_LAYOUT = "ctf/1"


@dataclass
class Received:
    """A table that a file holds: all of a CSV, one sheet of a workbook.

    `path` is that of the file below `exports/`, with the name within the archive where it came in
    one, whose hash is `container_sha256`; `part` is the sheet. What it holds is in one of `body`,
    `grid` and `ctf`; `form` says how it is written, for people.
    """

    path: str
    sha256: str
    copy: Path
    size: int = 0
    suffix: str = ".csv"
    part: str | None = None
    container_sha256: str | None = None
    body: Body | None = None
    grid: Grid | None = None
    ctf: CtfTable | None = None
    found: Found | None = None
    first_rows: list[list[str]] = field(default_factory=list, repr=False)
    ctf_by_path: tuple[tuple[str, str], ...] = ()
    nearly: tuple[tuple[int, str], ...] = ()
    notes: list[str] = field(default_factory=list)
    form: str | None = None
    file_id: int = 0
    refusal: str | None = None
    rows_read: int = 0
    results_read: int = 0
    to_archive: bool = False

    @property
    def name(self) -> str:
        """Path and sheet, as people tell them apart."""
        return f"{self.path} [{self.part}]" if self.part is not None else self.path

    @property
    def said_by_path(self) -> str | None:
        """What its folders say of it that it does not say itself."""
        if self.ctf_by_path:
            return text_of_said(self.ctf_by_path)
        return self.found.said_by_path if self.found else None

    @property
    def identity(self) -> tuple[str, str | None, str | None]:
        """The same bytes for another school or term, and another sheet, are another file."""
        return self.sha256, self.part, self.said_by_path

    @property
    def layout(self) -> str | None:
        if self.ctf:
            return CTF_LAYOUT
        return self.found.match.layout.name if self.found else None

    @property
    def kind(self) -> str | None:
        if self.ctf:
            return "results"
        return self.found.match.layout.kind if self.found else None

    @property
    def by_path(self) -> dict[str, str]:
        """Standard columns that its folders say."""
        return dict(self.ctf_by_path or (self.found.by_path if self.found else ()))
