"""Accepted files into the archive, on the disk before the ledger says that they were accepted."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipeline.errors import SurroundingsWrong
from pipeline.landing.received import Received

# A disk writes what many wait for in one go, so hundreds of files take little longer than one.
AT_ONCE = 16


def keep(archive: Path, files: list[Received]) -> None:
    """Move our copies to `archive`, named by their hash. Raises SurroundingsWrong where it fails.

    A loss of power then leaves a whole archived file, or one that the ledger does not know.
    """
    # The sheets of a workbook have one copy between them.
    copies = {f.copy: archive / f"{f.sha256}{f.suffix}" for f in files}
    copies = {copy: kept for copy, kept in copies.items() if copy.exists() or not kept.exists()}
    try:
        archive.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(_wait_until_written, copies))
        for copy, kept in copies.items():
            copy.replace(kept)
        if os.name == "posix":  # elsewhere a folder cannot be waited for, and need not be
            _wait_for_folder(archive)
    except OSError as wrong:
        raise SurroundingsWrong(
            f"{archive}: cannot be written to ({wrong.strerror}). Nothing was loaded."
        ) from None


def _wait_until_written(copy: Path) -> None:
    with copy.open("r+b") as file:  # Windows waits only for a file that is open for writing
        os.fsync(file.fileno())


def _wait_for_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
