"""Sort what lies in `exports/`: new files, known ones, and accepted ones the warehouse lacks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipeline.errors import SurroundingsWrong
from pipeline.landing.ledger import Entry, Ledger
from pipeline.landing.receive import Received, receive
from pipeline.programme import Programme

Tick = Callable[[int], None]
# Copies of archived files are numbered from here on, apart from those of new files.
ARCHIVED_FROM = 1_000_000


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
        tried = [f for f in self.new if (f.sha256, f.path) in before]
        fresh = [f for f in self.new if (f.sha256, f.path) not in before]
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
) -> Incoming:
    """Take in every file and sort it. Raises SurroundingsWrong where the archive lacks one.

    Files that were read with other settings (`read_with`) are to be loaded again.
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
    for number, entry in ledger.accepted().items():
        if number not in in_warehouse:
            found.again.append(_from_archive(programme, entry, incoming, paths))
    known = {e.sha256 for e in ledger.accepted().values()}
    firsts: dict[str, Received] = {}
    for number, path in enumerate(paths, start=1):
        file = receive(path, programme.exports, incoming, number)
        first = firsts.get(file.sha256)
        if file.sha256 in known or first:
            file.copy.unlink()
            tick(2)
            if first:
                found.twins.append((first, file))
            else:
                found.unchanged += 1
            continue
        if not file.refusal:
            firsts[file.sha256] = file
        found.new.append(file)
        tick(2 if file.refusal else 1)
    return found


def _from_archive(
    programme: Programme, entry: Entry, incoming: Path, paths: list[Path]
) -> Received:
    """An accepted file; another version of the program may refuse what an earlier one took.

    Where the archive has lost it, the same bytes in `exports/` take its place.
    """
    kept = programme.archive / f"{entry.sha256}.csv"
    number = ARCHIVED_FROM + entry.sequence
    file = receive(kept, programme.archive, incoming, number)
    if file.sha256 != entry.sha256:
        for path in paths:
            if path.relative_to(programme.exports).as_posix() == entry.path:
                file = receive(path, programme.exports, incoming, number)
                file.to_archive = True
    if file.sha256 != entry.sha256:
        raise SurroundingsWrong(
            f"archive/{kept.name}: missing or not the file that was taken in. Restore the archive "
            f"folder from a backup, or put the file back into exports/ under the path it had."
        )
    file.path, file.file_id = entry.path, entry.sequence
    return file
