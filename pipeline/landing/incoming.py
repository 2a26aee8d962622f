"""Sort what lies in `exports/`: new files, known ones, and accepted ones the warehouse lacks."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from pipeline.errors import SurroundingsWrong
from pipeline.landing.ledger import Entry, Ledger
from pipeline.landing.receive import Reading, take_in, understand
from pipeline.landing.received import Received
from pipeline.landing.walk import name_of
from pipeline.programme import Programme

Tick = Callable[[int], None]
# Copies of archived files are numbered from here on, apart from those of new files.
ARCHIVED_FROM = 1_000_000
NO_SHEET = "the sheet that was read before is no longer understood. Export it again."


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
    found.again = _from_archive(programme, lacking, incoming, paths, reading)
    if archive_only:
        return found
    known = {e.identity for e in ledger.accepted().values()}
    books = _Books(ledger)
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
            if file.identity in known:
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

    def __init__(self, ledger: Ledger) -> None:
        self.refused = {e.sha256 for e in ledger.entries if e.action == "refuse"}
        self.accepted: dict[str, list[Entry]] = {}
        for entry in ledger.accepted().values():
            self.accepted.setdefault(entry.sha256, []).append(entry)

    def known_whole(self, file: Received) -> int:
        """Files accepted of these bytes, where there is nothing new to find in them.

        What its folders say may make it another file, so those must be the same as well.
        """
        accepted = self.accepted.get(file.sha256, [])
        if file.sha256 in self.refused:
            return 0
        if any(e.said_by_path for e in accepted):
            accepted = [e for e in accepted if e.path == file.path]
        return len(accepted)


def _from_archive(
    programme: Programme,
    entries: list[Entry],
    incoming: Path,
    paths: list[Path],
    reading: Reading,
) -> list[Received]:
    """Accepted files; another version of the program may refuse what an earlier one took.

    Where the archive has lost one, the same bytes in `exports/` take its place.
    """
    found: list[Received] = []
    read: dict[tuple[str, str], list[Received]] = {}
    kept = {p.stem: p for p in programme.archive.iterdir()} if entries else {}
    sent = {name_of(path, programme.exports): path for path in paths} if entries else {}
    for entry in entries:
        key = (entry.sha256, entry.path)
        if key not in read:
            copy = incoming / f"{ARCHIVED_FROM + entry.sequence:06d}"
            taken = _archived(entry, copy, kept.get(entry.sha256), sent.get(entry.path))
            read[key] = understand(taken, reading)
        parts = read[key]
        file = next((f for f in parts if f.part == entry.part), parts[0])
        if file.part != entry.part or file in found:
            file = replace(file, part=entry.part, refusal=file.refusal or NO_SHEET)
        file.file_id = entry.sequence
        found.append(file)
    return found


def _archived(entry: Entry, copy: Path, kept: Path | None, sent: Path | None) -> Received:
    """The file as it was accepted, from the archive, or else as it lies in `exports/`."""
    for path in (kept, sent):
        file = take_in(path, entry.path, copy) if path else None
        if file and file.sha256 == entry.sha256:
            file.to_archive = path is sent
            return file
    raise SurroundingsWrong(
        f"archive/{entry.sha256}: missing or not the file that was taken in. Restore the archive "
        f"folder from a backup, or put the file back into exports/ under the path it had."
    )
