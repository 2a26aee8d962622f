"""Accepted files that the warehouse lacks, from the archive or, where it lost them, `exports/`."""

from dataclasses import replace
from pathlib import Path

from pipeline.errors import ExportRefused, SurroundingsWrong
from pipeline.landing.ledger import Entry
from pipeline.landing.receive import Reading, take_in, understand, zip_members
from pipeline.landing.received import Received
from pipeline.landing.walk import name_of
from pipeline.programme import Programme

# Copies of archived files are numbered from here on, apart from those of new files.
ARCHIVED_FROM = 1_000_000
NO_SHEET = "the sheet that was read before is no longer understood. Export it again."


def from_archive(
    programme: Programme,
    entries: list[Entry],
    incoming: Path,
    paths: list[Path],
    reading: Reading,
) -> list[Received]:
    """Accepted files; another version of the program may refuse what an earlier one took.

    Where the archive has lost one, the same bytes in `exports/` take its place. Raises
    SurroundingsWrong where they are not there either.
    """
    found: list[Received] = []
    read: dict[tuple[str, str], list[Received]] = {}
    copies = _Copies(programme, incoming, paths if entries else [])
    for entry in entries:
        key = (entry.sha256, entry.path)
        if key not in read:
            read[key] = understand(copies.of(entry), reading)
        parts = read[key]
        file = next((f for f in parts if f.part == entry.part), parts[0])
        if file.part != entry.part or file in found:
            file = replace(file, part=entry.part, refusal=file.refusal or NO_SHEET)
        file.file_id = entry.sequence
        file.container_sha256 = entry.container_sha256
        found.append(file)
    return found


class _Copies:
    """Where the bytes of accepted files are; a ZIP in `exports/` is unpacked once."""

    def __init__(self, programme: Programme, incoming: Path, paths: list[Path]) -> None:
        archive = programme.archive
        self.kept = {p.stem: p for p in archive.iterdir()} if archive.is_dir() else {}
        self.sent = {name_of(path, programme.exports): path for path in paths}
        self.incoming = incoming
        self.unpacked: dict[str, list[Received]] = {}

    def of(self, entry: Entry) -> Received:
        """The file as it was accepted, in a copy of our own."""
        copy = self.incoming / f"{ARCHIVED_FROM + entry.sequence:06d}"
        kept, sent = self.kept.get(entry.sha256), self.sent.get(entry.path)
        for path in (kept, sent):
            file = take_in(path, entry.path, copy) if path else None
            if file and file.sha256 == entry.sha256:
                file.to_archive = path is sent
                return file
        for file in self._of_zip_of(entry.path):
            if file.sha256 == entry.sha256 and file.copy.exists():
                return replace(file, path=entry.path, to_archive=True, notes=[])
        raise SurroundingsWrong(
            f"archive/{entry.sha256}: missing or not the file that was taken in. Restore the "
            f"archive folder from a backup, or put the file (or the ZIP it came in) back into "
            f"exports/ under the path it had."
        )

    def _of_zip_of(self, path: str) -> list[Received]:
        """What the ZIP holds that a path leads into, if one does."""
        folders = path.split("/")
        name = next(
            (n for i in range(1, len(folders)) if (n := "/".join(folders[:i])) in self.sent), None
        )
        if name is None:
            return []
        if name not in self.unpacked:
            copy = self.incoming / f"{ARCHIVED_FROM + len(self.unpacked):06d}-zip"
            try:
                self.unpacked[name] = zip_members(take_in(self.sent[name], name, copy))
            except ExportRefused:
                self.unpacked[name] = []
        return self.unpacked[name]
