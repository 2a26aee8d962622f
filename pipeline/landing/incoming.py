"""Sort what lies in `exports/`: new files, known ones, and accepted ones the warehouse lacks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipeline.errors import ExportRefused
from pipeline.landing.again import from_archive
from pipeline.landing.layouts.path import KnownSchool, place_of, said_by_path, text_of_said
from pipeline.landing.ledger import Entry, Ledger, standing_refusals
from pipeline.landing.reading.zips import labels
from pipeline.landing.receive import Reading, take_in, understand
from pipeline.landing.received import Received
from pipeline.landing.walk import name_of
from pipeline.programme import Programme

Tick = Callable[[int], None]


@dataclass
class Incoming:
    """`new` files, files to load `again` from the archive, and `twins`: new with the same bytes."""

    new: list[Received] = field(default_factory=list)
    again: list[Received] = field(default_factory=list)
    twins: list[tuple[Received, Received]] = field(default_factory=list)
    unchanged: int = 0

    @property
    def loadable(self) -> list[Received]:
        """What is not refused so far, in the order of its numbers."""
        return [f for f in self.again + self.new if not f.refusal]

    def number(self, ledger: Ledger) -> None:
        """Give the new files the next numbers.

        Those that may turn out to need none come last, so that the others have the same numbers
        whether the exports come at once or one by one.
        """
        before = ledger.last_refusals()
        tried = [f for f in self.new if (f.sha256, f.name) in before]
        fresh = [f for f in self.new if (f.sha256, f.name) not in before]
        last = [twin for _, twin in self.twins]
        for file_id, file in enumerate([*fresh, *tried, *last], start=ledger.next_sequence):
            file.file_id = file_id

    def settle_twins(self) -> None:
        """The twin of a file that was loaded says nothing new; that of a refused one is refused."""
        for first, twin in self.twins:
            if first.refusal:
                twin.refusal = first.refusal
                self.new.append(twin)
            else:
                self.unchanged += 1


def sort_out(
    con: duckdb.DuckDBPyConnection,
    programme: Programme,
    ledger: Ledger,
    paths: list[Path],
    tick: Tick,
    read_with: str,
    reading: Reading,
    archive_only: bool = False,
) -> Incoming:
    """Take in every file and sort it. Raises SurroundingsWrong where the archive lacks one.

    Files that were read with other settings (`read_with`) are to be loaded again. With
    `archive_only` nothing new is taken in.
    """
    incoming = programme.private / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    in_warehouse = {
        row[0]
        for row in con.execute(
            "select file_id from landing.export_file "
            "where status in ('loaded', 'withdrawn') and read_with = ?",
            [read_with],
        ).fetchall()
    }
    found = Incoming()
    lacking = [e for n, e in ledger.accepted().items() if n not in in_warehouse]
    found.again = from_archive(programme, lacking, incoming, paths, reading)
    if archive_only:
        return found
    books = _Books(ledger, reading.schools)
    firsts: dict[tuple[str, str | None, str | None], Received] = {}
    for number, path in enumerate(paths, start=1):
        taken = take_in(path, name_of(path, programme.exports), incoming / f"{number:06d}")
        before = books.known_whole(taken)
        if before:
            found.unchanged += before
            taken.copy.unlink()
            tick(2)
            continue
        parts = understand(taken, reading)
        for file in parts:
            first = firsts.get(file.identity)
            if books.knows(file):
                found.unchanged += 1
            elif first:
                found.twins.append((first, file))
            else:
                if not file.refusal:
                    firsts[file.identity] = file
                found.new.append(file)
        tick(2 if all(f.refusal for f in parts) else 1)
    return found


class _Books:
    """The ledger by the bytes of its files, so that many files are looked up in many lines."""

    def __init__(self, ledger: Ledger, schools: tuple[KnownSchool, ...]) -> None:
        self.schools = schools
        standing = standing_refusals(ledger.entries)
        self.refused = {sha for e in standing for sha in (e.sha256, e.container_sha256) if sha}
        self.accepted: dict[str, list[Entry]] = {}
        self.contained: dict[str, list[Entry]] = {}
        for entry in ledger.accepted().values():
            self.accepted.setdefault(entry.sha256, []).append(entry)
            if entry.container_sha256:
                self.contained.setdefault(entry.container_sha256, []).append(entry)

    def known_whole(self, file: Received) -> int:
        """Files accepted of these bytes, where there is nothing new to find in them.

        What its folders say may make it another file, so those must be the same as well.
        """
        if file.sha256 in self.refused:
            return 0
        if file.sha256 in self.contained:
            return self._known_zip(file)
        accepted = self.accepted.get(file.sha256, [])
        if any(e.said_by_path for e in accepted):
            accepted = [e for e in accepted if e.path == file.path]
        return len(accepted)

    def _known_zip(self, file: Received) -> int:
        """Files accepted of a ZIP, where it lies where it did and each of its members is one."""
        try:
            paths = {f"{file.path}/{label}" for label in labels(file.copy)}
        except ExportRefused:
            return 0
        accepted = [e for e in self.contained[file.sha256] if e.path in paths]
        return len(accepted) if {e.path for e in accepted} == paths else 0

    def knows(self, file: Received) -> bool:
        """Whether it was accepted: from this place, or from one that says the same of it today."""
        return any(
            entry.part == file.part
            and (entry.path == file.path or self._said_today(entry) == file.said_by_path)
            for entry in self.accepted.get(file.sha256, [])
        )

    def _said_today(self, entry: Entry) -> str | None:
        """What its path says where the settings have changed since: the number of a school."""
        if not entry.said_by_path:
            return None
        columns = [said.partition("=")[0] for said in entry.said_by_path.split("; ")]
        said = said_by_path(place_of(entry.path, entry.part), self.schools)
        return text_of_said((c, said[c]) for c in columns if c in said)
