"""ZIP archives opened with care: nothing is taken for true that the archive says of itself.

Workbooks are ZIP archives too, so both kinds of file come through here.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import ExportRefused

MEGABYTE = 1024 * 1024
MOST_MEMBERS = 5_000
# 5,000 members with long names need less; a longer directory would take seconds to read.
LARGEST_DIRECTORY = 4 * MEGABYTE
PIECE = MEGABYTE
# Repetitive tables shrink fifty- or a hundredfold; one that shrinks a thousandfold means harm.
HARMLESS = 32 * MEGABYTE
# What Windows, macOS and Office write; others can grow without bound in a single step.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGED = (
    "the ZIP archive or workbook is damaged or was not written to its end. "
    "Export it again, and send it again."
)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    IndexError,
    NotImplementedError,
    OSError,  # a place before the beginning of the file
)


class _Guarded(io.BufferedReader):
    """A file that hands out no more at once than an honest archive needs."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > LARGEST_DIRECTORY:
            raise zipfile.BadZipFile("its directory is too long")
        return super().read(size)


@contextmanager
def opened(copy: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, open. Raises ExportRefused where it is damaged or has too many members."""
    with _Guarded(io.FileIO(copy)) as file:
        try:
            archive = zipfile.ZipFile(file)
        except BROKEN:
            raise ExportRefused(DAMAGED) from None
        with archive:
            if len(archive.infolist()) > MOST_MEMBERS:
                raise ExportRefused(
                    f"the ZIP archive holds {len(archive.infolist()):,} files; at most "
                    f"{MOST_MEMBERS:,} were expected. Send it as several archives."
                )
            yield archive


def pieces(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, most_swelling: int = 1_000
) -> Iterator[bytes]:
    """The member's bytes, piece by piece; its checksum is compared at the end.

    Raises ExportRefused where it needs a password, is damaged, is packed in a way that is not
    read, or grows to more than `most` bytes.
    """
    if member.flag_bits & 0x1:
        raise ExportRefused(
            "it is password-protected, so it cannot be read. Pack it without a password "
            "and send that."
        )
    if member.compress_type not in METHODS:
        raise ExportRefused(
            "it is packed in a way that is not read here. Make the ZIP archive with Windows "
            "(Send to, Compressed folder) or macOS (Compress), and send that."
        )
    size = 0
    # What it says is believed when it is too much; when it is too little, reading ends there.
    _refuse_swollen(member.file_size, member.compress_size * most_swelling, most)
    try:
        with archive.open(member) as source:
            while piece := source.read(PIECE):
                size += len(piece)
                _refuse_swollen(size, member.compress_size * most_swelling, most)
                yield piece
    except (*BROKEN, RuntimeError):
        raise ExportRefused(DAMAGED) from None


def _refuse_swollen(size: int, most_for_packed: int, most: int) -> None:
    if size > most or (size > HARMLESS and size > most_for_packed):
        raise ExportRefused(
            f"unpacked it is more than {min(size, most) // MEGABYTE:,} MB, which no export of "
            f"this kind is. Export it again as CSV and send that."
        )
