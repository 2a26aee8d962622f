"""The files in a ZIP archive, each unpacked under a number: its own name is only a label."""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ExportRefused
from pipeline.landing.reading.archive import MEGABYTE, opened, pieces
from pipeline.landing.reading.kinds import Kind, kind_of

LARGEST_MEMBER = 2 * 1024 * MEGABYTE
LARGEST = 4 * 1024 * MEGABYTE
LONGEST_NAME = 200
LEFT_OUT = (".ds_store", "thumbs.db", "desktop.ini")
UTF8_NAME = 0x800


@dataclass(frozen=True)
class Member:
    """A file of an archive; where `refusal` says why it is not read, there may be no `copy`."""

    name: str
    copy: Path
    refusal: str | None = None


def members(copy: Path, into: Path) -> list[Member]:
    """Unpack an archive's files as `into`/000001, 000002, …, in the archive's order.

    A member that cannot be read carries its refusal and leaves no file. Raises ExportRefused where
    the archive itself is damaged, holds nothing, or is too large.
    """
    found: list[Member] = []
    left = LARGEST
    with opened(copy) as archive:
        for member in _files(archive):
            path = into / f"{len(found) + 1:06d}"
            refusal = _unpack(archive, member, path, min(left, LARGEST_MEMBER))
            left = max(left - path.stat().st_size, 0)
            if refusal:
                path.unlink()
            found.append(Member(_label(member), path, refusal))
    if not found:
        raise ExportRefused(
            "the ZIP archive holds no files; exports were expected in it. Pack it again."
        )
    return _named_once(found)


def labels(copy: Path) -> list[str]:
    """The names that `members` gives, of an archive that is not unpacked. Raises ExportRefused."""
    with opened(copy) as archive:
        named = [
            Member(_label(member), Path(f"{number:06d}"))
            for number, member in enumerate(_files(archive), start=1)
        ]
    return [member.name for member in _named_once(named)]


def _files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [m for m in archive.infolist() if not (m.is_dir() or _is_left_out(_label(m)))]


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, most: int) -> str | None:
    try:
        with path.open("wb") as target:
            for piece in pieces(archive, member, most):
                target.write(piece)
    except ExportRefused as refused:  # what it took counts towards the total all the same
        return str(refused)
    if kind_of(path, path.stat().st_size) == Kind.ZIP:
        return (
            "it is a ZIP archive within a ZIP archive; the exports themselves were expected. "
            "Unpack it and send what it holds."
        )
    return None


def _label(member: zipfile.ZipInfo) -> str:
    """The name as text that cannot lead anywhere: no drive, no way up, no control characters."""
    name = member.orig_filename
    if not member.flag_bits & UTF8_NAME:
        # macOS writes UTF-8 without saying so; it is seldom UTF-8 by chance.
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = member.orig_filename
    name = "".join(c if c.isprintable() else "_" for c in name)
    steps = [re.sub(r'[:*?"<>|]', "_", step).strip() for step in re.split(r"[/\\]", name)]
    label = "/".join(step for step in steps if step.strip(". "))
    return label[-LONGEST_NAME:].lstrip("/") or "without a name"


def _is_left_out(label: str) -> bool:
    """What macOS and Windows put beside the files."""
    steps = label.lower().split("/")
    return "__macosx" in steps or steps[-1] in LEFT_OUT or steps[-1].startswith("~$")


def _named_once(found: list[Member]) -> list[Member]:
    """Two files of one name stay two: the later one gets its number."""
    taken: set[str] = set()
    named = []
    for member in found:
        name = member.name
        if name.lower() in taken:
            name = f"{name} ({member.copy.name.lstrip('0')})"
        taken.add(name.lower())
        named.append(Member(name, member.copy, member.refusal))
    return named
