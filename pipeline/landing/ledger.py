"""`archive/ledger.jsonl`: what came, when, and what was done with it. Only ever appended to."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import SurroundingsWrong


@dataclass(frozen=True)
class Entry:
    """One line of the ledger; `action` is accept, refuse, withdraw, reinstate (a withdrawn file
    taken in again), or key (its fingerprint).

    `part` is the sheet of a workbook; `said_by_path` what its folders say that it does not;
    `container_sha256` is of the ZIP that the file came in. Of a refused file, whose bytes are not
    kept, `rows_read` and `results_read` are kept here.
    """

    sequence: int
    action: str
    sha256: str
    path: str
    received_at: str
    layout: str | None = None
    school_id: int | None = None
    academic_year: str | None = None
    term: str | None = None
    message: str | None = None
    part: str | None = None
    said_by_path: str | None = None
    rows_read: int = 0
    results_read: int = 0
    container_sha256: str | None = None

    @property
    def name(self) -> str:
        """Path and sheet, as people tell files apart."""
        return f"{self.path} [{self.part}]" if self.part is not None else self.path

    @property
    def identity(self) -> tuple[str, str | None, str | None]:
        """The same bytes for another school or term, and another sheet, are another file."""
        return self.sha256, self.part, self.said_by_path


class Ledger:
    """The ledger of a programme folder, read when made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: list[Entry] = []
        self._whole_bytes = 0
        if path.exists():
            self._read()

    def _read(self) -> None:
        for number, line in enumerate(self.path.read_bytes().splitlines(keepends=True), start=1):
            if not line.endswith(b"\n"):
                return  # a run was ended while writing this line: it never took effect
            try:
                values: dict[str, Any] = json.loads(line)
                self.entries.append(Entry(**values))
            except (ValueError, TypeError):
                raise SurroundingsWrong(
                    f"archive/{self.path.name}, line {number}: not a ledger entry. The ledger is "
                    f"written by the program alone; restore the archive folder from a backup."
                ) from None
            self._whole_bytes += len(line)

    @property
    def next_sequence(self) -> int:
        return max((e.sequence for e in self.entries), default=0) + 1

    def accepted(self) -> dict[int, Entry]:
        """Entries of accepted files by sequence."""
        return {e.sequence: e for e in self.entries if e.action == "accept"}

    def last_refusals(self) -> dict[tuple[str, str], Entry]:
        """The latest refusal of each file, by SHA-256 and name."""
        return {(e.sha256, e.name): e for e in self.entries if e.action == "refuse"}

    def refusals_to_mend(self) -> list[Entry]:
        """Standing refusals of files that no later one has replaced under the same path.

        A whole archive or workbook gives way to what was later found in it.
        """
        later: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.action in ("accept", "refuse"):
                for path in _and_folders(entry.path):
                    later.setdefault(path, []).append(entry)
        return [
            e
            for e in standing_refusals(self.entries)
            if not any(
                other.sequence > e.sequence and (other.sha256 != e.sha256 or other.part == e.part)
                for other in later[e.path]
            )
        ]

    def withdrawals(self) -> dict[tuple[str, str | None, str | None], int]:
        """Number of the latest withdrawal of each file, by its identity."""
        return {e.identity: e.sequence for e in self.entries if e.action == "withdraw"}

    def key_fingerprint(self) -> str | None:
        """Fingerprint of the pseudonym key that this folder's releases use, if any was made."""
        return next((e.sha256 for e in reversed(self.entries) if e.action == "key"), None)

    def append(self, entries: list[Entry]) -> None:
        """Write entries and wait until they are on the disk."""
        if not entries:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(asdict(e), ensure_ascii=False) + "\n" for e in entries)
        with self.path.open("ab") as file:
            file.truncate(self._whole_bytes)
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        self._whole_bytes += len(text.encode("utf-8"))
        self.entries += entries


def standing_refusals(entries: list[Entry]) -> list[Entry]:
    """Of each file, by SHA-256 and name, the refusal that is the last said of it."""
    last = {(e.sha256, e.name): e for e in entries if e.action in ("accept", "refuse")}
    return [e for e in last.values() if e.action == "refuse"]


def _and_folders(path: str) -> list[str]:
    """A path and those above it, one of which may be a ZIP."""
    parts = path.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
